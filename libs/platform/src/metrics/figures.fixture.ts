import type { Figures, FleetFigures } from '#engine';

export const NOW = Date.UTC(2026, 10, 29, 12);

/** A fleet of three hosts at rest, of which nobody knows anything more. */
export function aFleet(over: Partial<FleetFigures> = {}): FleetFigures {
  return {
    ...{ id: '0193a1c0-7b3e-7000-8000-000000000001', name: 'edge', createdAt: NOW - 86_400_000 },
    ...{ lastRotatedAt: null, lastRehearsedAt: null, trustSeenAt: null, drift: null, active: null },
    ...{ hosts: { enrolled: 3, decommissioned: 0 }, trust: { anchors: [], crls: [] }, ended: [] },
    ...over,
  };
}

export function figures(...fleets: FleetFigures[]): Figures {
  return { fleets, lastLookAt: null, workers: 0, queue: { waiting: 0, active: 0, delayed: 0 } };
}
