import { askHosts } from '../inspection/ask-hosts.js';
import { driftOf, type HostDrift } from '../inspection/host-drift.js';
import type { Ports } from '../perform/context.js';
import type { Generation } from '../ports/fleet-store.js';
import type { ObservationStore } from '../ports/observation-store.js';
import { noHosts } from '../rotation-request.js';

export interface FleetDriftReport {
  /** What every host must serve: the generation last decided. */
  readonly generation: Generation;
  readonly hosts: readonly HostDrift[];
}

type DriftPorts = Pick<Ports, 'fleets' | 'hosts' | 'probe' | 'clock'> & {
  readonly observations: ObservationStore;
};

/** Holds every host of a fleet against what the fleet is recorded to serve, and keeps what it saw. */
export class DriftOfFleet {
  constructor(private readonly ports: DriftPorts) {}

  /** Throws PortError `fleet.not-found`, `fleet.no-hosts`. */
  async ask(fleetId: string): Promise<FleetDriftReport> {
    const fleet = await this.ports.fleets.fleet(fleetId);
    if (fleet.hosts.length === 0) throw noHosts(fleet);
    const { generation } = fleet;
    const at = this.ports.clock.now();
    const hosts = await askHosts(fleet.hosts, (host) => driftOf(this.ports, host, generation));
    await this.ports.observations.keep({ fleetId: fleet.id, generationId: generation.id, at, hosts });
    return { generation, hosts };
  }
}
