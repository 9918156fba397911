import { X509Certificate } from 'node:crypto';
import { clientLogOf, parseNginxDump } from '#nginx-audit';
import type { HostRecord } from '../ports/fleet-store.js';
import type { ClientSighting, ClientSightings, HostGateway } from '../ports/host-gateway.js';
import { PortError } from '../ports/problem.js';
import { askHosts } from './ask-hosts.js';
import { managedFiles } from './host-faults.js';

/** Ours, see `probeLeaf` and `verifyDefault`: nobody is shut out with them. */
const PROBE_LEAF = /^CN=windlass-(probe|check)-[0-9a-f]{8}(-(old|new))?$/;

/** What one host's log says of its clients, or why it says nothing that can be relied on. */
export interface HostClients extends ClientSightings {
  readonly host: string;
  /** Null when every accepted client since `since` is there. */
  readonly unknown: string | null;
}

export function isProbeLeaf(subject: string): boolean {
  return PROBE_LEAF.test(subject);
}

/** Without the client that people brought to stand for all others in probes: it comes under a name of theirs. */
export function withoutProbe<Seen extends Pick<HostClients, 'clients'>>(
  hosts: readonly Seen[],
  probePem: string | null,
): readonly Seen[] {
  if (probePem === null) return hosts;
  const { subject, serialNumber } = new X509Certificate(probePem);
  const name = subject.split('\n').reverse().join(',');
  const isProbe = (one: ClientSighting) => one.subject === name && one.serial === serialNumber.toLowerCase();
  return hosts.map((host) => ({ ...host, clients: host.clients.filter((one) => !isProbe(one)) }));
}

/** Reads the client log of every host. Never throws PortError: not to know is an answer. */
export function sightingsOn(
  gateway: HostGateway,
  hosts: readonly HostRecord[],
  path: string,
): Promise<readonly HostClients[]> {
  return askHosts(hosts, (host) => clientsOn(gateway, host, path));
}

async function clientsOn(gateway: HostGateway, host: HostRecord, path: string): Promise<HostClients> {
  const nobody = { host: host.name, since: null, clients: [], known: 0 };
  try {
    const observed = await gateway.observe(host);
    const config = parseNginxDump(observed.nginx?.configDump ?? '');
    const log = clientLogOf(config, path, managedFiles(observed));
    if (log.kind === 'unknown') return { ...nobody, unknown: log.because };
    const { since, clients, known } = await gateway.clients(host, { path, columns: log.format });
    const ours = clients.filter(({ subject }) => isProbeLeaf(subject)).length;
    return {
      ...{ host: host.name, since, known: known - ours, unknown: gapIn(since, clients.length, known) },
      clients: clients.filter(({ subject }) => !isProbeLeaf(subject)),
    };
  } catch (error) {
    if (error instanceof PortError) return { ...nobody, unknown: error.problem.message };
    throw error;
  }
}

function gapIn(since: number | null, told: number, known: number): string | null {
  if (since === null) return 'its log has no entry yet';
  return told < known ? `its log names ${known} clients, of which ${told} are told` : null;
}
