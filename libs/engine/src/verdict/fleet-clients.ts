import { CLIENT_LOG_FORMAT } from '#nginx-audit';
import { sightingsOn } from '../inspection/client-sightings.js';
import type { Ports } from '../perform/context.js';
import type { Fleet } from '../ports/fleet-store.js';
import { PortError } from '../ports/problem.js';
import { noHosts } from '../rotation-request.js';

/** A client certificate that hosts of a fleet accepted. */
export interface FleetClient {
  readonly subject: string;
  /** Who issued it: the CA in the bundle, or an intermediate of it. */
  readonly issuer: string;
  readonly serial: string;
  readonly requests: number;
  /** Milliseconds since the epoch. */
  readonly lastSeen: number;
  readonly hosts: readonly string[];
}

export interface FleetClients {
  /** The last seen first. */
  readonly clients: readonly FleetClient[];
  /** Since when each host tells of its clients, in milliseconds since the epoch, and why one does not. */
  readonly hosts: readonly {
    readonly host: string;
    readonly since: number | null;
    readonly unknown: string | null;
  }[];
}

/** Asks the hosts of a fleet which clients come to them. */
export class ClientsOfFleet {
  constructor(private readonly ports: Pick<Ports, 'fleets' | 'hosts'>) {}

  /** Throws PortError `fleet.not-found`, `fleet.no-hosts`, `fleet.no-client-log`. */
  async ask(fleetId: string): Promise<FleetClients> {
    const fleet = await this.ports.fleets.fleet(fleetId);
    if (fleet.hosts.length === 0) throw noHosts(fleet);
    if (fleet.clientLog === null) throw noClientLog(fleet);
    const found = await sightingsOn(this.ports.hosts, fleet.hosts, fleet.clientLog);
    const merged = new Map<string, FleetClient>();
    for (const { host, clients } of found) {
      for (const { requests, lastSeen, ...one } of clients) {
        const key = JSON.stringify([one.issuer, one.serial, one.subject]);
        const known = merged.get(key) ?? { ...one, requests: 0, lastSeen: 0, hosts: [] };
        merged.set(key, {
          ...known,
          requests: known.requests + requests,
          lastSeen: Math.max(known.lastSeen, lastSeen),
          hosts: [...known.hosts, host],
        });
      }
    }
    return {
      clients: [...merged.values()].sort((one, other) => other.lastSeen - one.lastSeen),
      hosts: found.map(({ host, since, unknown }) => ({ host, since, unknown })),
    };
  }
}

function noClientLog({ name }: Fleet): PortError {
  return new PortError({
    code: 'fleet.no-client-log',
    message: `Fleet ${name} has no clientLog, so its hosts cannot tell who comes to them.`,
    nextStep: `Give nginx on its hosts an access_log with ${CLIENT_LOG_FORMAT}, and record a fleet with its path as clientLog.`,
  });
}
