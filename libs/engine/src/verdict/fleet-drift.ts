import pLimit from 'p-limit';
import { driftOf, type HostDrift } from '../inspection/host-drift.js';
import type { Ports } from '../perform/context.js';
import type { Generation } from '../ports/fleet-store.js';
import { noHosts } from '../rotation-request.js';

/** Connections that are made at once; the other hosts wait. */
const HOSTS_AT_ONCE = 16;

export interface FleetDriftReport {
  /** What every host must serve: the generation last decided. */
  readonly generation: Generation;
  readonly hosts: readonly HostDrift[];
}

/** Holds every host of a fleet against what the fleet is recorded to serve. */
export class DriftOfFleet {
  constructor(private readonly ports: Pick<Ports, 'fleets' | 'hosts' | 'probe'>) {}

  /** Throws PortError `fleet.not-found`, `fleet.no-hosts`. */
  async ask(fleetId: string): Promise<FleetDriftReport> {
    const fleet = await this.ports.fleets.fleet(fleetId);
    if (fleet.hosts.length === 0) throw noHosts(fleet);
    const limit = pLimit(HOSTS_AT_ONCE);
    const { generation } = fleet;
    const hosts = await Promise.all(
      fleet.hosts.map((host) => limit(() => driftOf(this.ports, host, generation))),
    );
    return { generation, hosts };
  }
}
