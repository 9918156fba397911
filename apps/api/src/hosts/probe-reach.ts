/** What says where probes may go. */
export const PROBE_REACH = Symbol('probe reach');
