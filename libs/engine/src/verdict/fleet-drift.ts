import { askHosts } from '../inspection/ask-hosts.js';
import { driftOf, type HostDrift } from '../inspection/host-drift.js';
import type { Ports } from '../perform/context.js';
import type { Generation } from '../ports/fleet-store.js';
import { noHosts } from '../rotation-request.js';

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
    const { generation } = fleet;
    return {
      generation,
      hosts: await askHosts(fleet.hosts, (host) => driftOf(this.ports, host, generation)),
    };
  }
}
