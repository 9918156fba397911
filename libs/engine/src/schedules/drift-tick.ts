import type { DriftFinding, Suspension } from '../ports/schedule-store.js';
import { DriftOfFleet, type FleetDriftReport } from '../verdict/fleet-drift.js';
import { repairDrift } from './repair-drift.js';
import type { Tick, TickResult } from './tick.js';

/** Hosts that an outcome names; the finding has them all. */
const MOST_NAMES = 5;

/**
 * Looks for drift, says what it found, and puts it right where the schedule says so and is not `suspended`. Throws
 * `fleet.not-found`, `fleet.no-hosts`, and what starting a rotation may throw.
 */
export async function driftTick(tick: Tick, suspended: Suspension | null): Promise<TickResult> {
  const { ports, schedule, now } = tick;
  const before = await ports.schedules.rotationOn(schedule.fleetId);
  if (before !== null) return byDesign(before);
  const report = await new DriftOfFleet(ports).ask(schedule.fleetId);
  const after = await ports.schedules.rotationOn(schedule.fleetId);
  const { generation } = await ports.fleets.fleet(schedule.fleetId);
  // What was looked at was on its way from one generation to the next.
  if (after !== null) return byDesign(after);
  if (generation.id !== report.generation.id)
    return { end: 'again', outcome: 'a rotation ended meanwhile; the hosts are looked at again' };
  const drift = findingOf(report, now);
  const found = inWords(drift);
  if (drift.inSync || !schedule.repair) return { end: 'done', drift, outcome: found };
  return repairDrift(tick, drift, found, suspended);
}

function byDesign(rotationId: string): TickResult {
  return {
    end: 'again',
    outcome: `held: rotation ${rotationId} works on the fleet, so its hosts differ by design`,
  };
}

function findingOf({ generation, hosts }: FleetDriftReport, now: number): DriftFinding {
  const out = hosts.flatMap(({ hostId, host, state, problems }) =>
    state === 'in-sync' ? [] : [{ hostId, host, state, problems }],
  );
  return {
    ...{ at: new Date(now).toISOString(), inSync: out.length === 0, out },
    ...{ generation: generation.number, hosts: hosts.length },
  };
}

function inWords({ inSync, hosts, generation, out }: DriftFinding): string {
  if (inSync) return `in sync: ${hosts} of ${hosts} hosts are on generation ${generation}`;
  const words = (['drifted', 'unknown'] as const).flatMap((state) => {
    const names = out.filter((one) => one.state === state).map(({ host }) => host);
    if (names.length === 0) return [];
    const rest = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : '';
    return [`${names.length} ${state} (${names.slice(0, MOST_NAMES).join(', ')}${rest})`];
  });
  return `not in sync with generation ${generation}: of ${hosts} hosts ${words.join(', ')}`;
}
