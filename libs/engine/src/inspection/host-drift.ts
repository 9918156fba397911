import { commonDigest } from '../perform/common-digest.js';
import { placeLabel, showsMarker } from '../perform/listeners.js';
import type { Generation, HostRecord } from '../ports/fleet-store.js';
import type { HostGateway, HostObservation } from '../ports/host-gateway.js';
import type { Probe, ProbeTarget } from '../ports/probe.js';
import { PortError, type Problem } from '../ports/problem.js';

/** Whether a host is as its fleet is recorded: on disk, and in what its workers serve. */
export interface HostDrift {
  readonly hostId: string;
  readonly host: string;
  /** `unknown`: it could not be asked, so it may be anything. */
  readonly state: 'in-sync' | 'drifted' | 'unknown';
  /** Managed files; `digest` is null where one cannot be read. */
  readonly files: readonly { readonly path: string; readonly digest: string | null }[];
  /** Listeners, and whether the marker of the generation is shown there; null where it cannot be told. */
  readonly listeners: readonly { readonly listener: string; readonly serves: boolean | null }[];
  readonly problems: readonly Problem[];
}

/** Looks at files and listeners, and changes nothing. Never throws PortError: not to know is an answer. */
export async function driftOf(
  { hosts, probe }: { readonly hosts: HostGateway; readonly probe: Probe },
  host: HostRecord,
  generation: Generation,
): Promise<HostDrift> {
  const { id: hostId, name } = host;
  try {
    const observed = await hosts.observe(host);
    const { files } = observed;
    const listeners = await Promise.all(host.probeTargets.map((target) => look(probe, target, generation)));
    const problems = [
      ...files
        .filter(({ digest }) => digest !== generation.digest)
        .map(({ path }) => edited(host, path, generation)),
      ...torn(host, observed),
      ...listeners
        .filter(({ serves }) => serves === false)
        .map(({ listener }) => stale(host, listener, generation)),
    ];
    return {
      ...{ hostId, host: name, state: problems.length === 0 ? 'in-sync' : 'drifted', problems, listeners },
      files: files.map(({ path, digest }) => ({ path, digest })),
    };
  } catch (error) {
    if (!(error instanceof PortError)) throw error;
    return { hostId, host: name, state: 'unknown', files: [], listeners: [], problems: [error.problem] };
  }
}

/** The marker tells from outside what the workers serve, without any client key; a bundle from outside has none. */
async function look(probe: Probe, target: ProbeTarget, { marker }: Generation) {
  const listener = placeLabel(target);
  if (marker === null) return { listener, serves: null };
  const names = await probe.servedCaNames(target);
  return { listener, serves: names === null ? null : showsMarker(names, marker) };
}

/** What keeps the strategy `sync` from bringing the host back. */
function torn(host: HostRecord, observed: Pick<HostObservation, 'files'>): readonly Problem[] {
  try {
    commonDigest(host, observed);
    return [];
  } catch (error) {
    if (error instanceof PortError) return [error.problem];
    throw error;
  }
}

function edited({ name }: HostRecord, path: string, { number, digest }: Generation): Problem {
  return {
    code: 'host.drift',
    message: `${name}: ${path} is not generation ${number} of the fleet.`,
    nextStep: `Put the bundle with SHA-256 ${digest} back, or find who edits the file.`,
  };
}

function stale({ name }: HostRecord, listener: string, { number }: Generation): Problem {
  return {
    code: 'host.not-serving',
    message: `${name}: ${listener} does not serve generation ${number} of the fleet.`,
    nextStep: 'Reload nginx there; when that does not help, read its error log for "emerg".',
  };
}
