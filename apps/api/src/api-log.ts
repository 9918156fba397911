import type { InstallationLog } from '#installation';

/** Token of the log that the API writes to: one line a request, and what broke. */
export const API_LOG = Symbol('the log of the API');

/** As pino's logger has them. */
export type ApiLog = InstallationLog;
