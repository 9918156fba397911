import { type DueRule, decideRotation, endOf, ruleInWords, type Validity } from '#schedule';
import { daysLeft } from '#trust';
import type { Fleet } from '../ports/fleet-store.js';
import { issuerValidity } from './issuer-validity.js';
import { startFor, waitInWords } from './start.js';
import type { Tick, TickResult } from './tick.js';

/** Rotates when the CA is due and the time is right. Throws what surveying the CA and starting may throw. */
export async function rotateTick(tick: Tick, rule: DueRule): Promise<TickResult> {
  const { ports, schedule, at, now } = tick;
  const fleet = await ports.fleets.fleet(schedule.fleetId);
  const validity = await issuerValidity(ports.ca, fleet.issuingCa);
  const running = await ports.schedules.rotationOn(fleet.id);
  const verdict = decideRotation({ now, tickAt: at, timetable: schedule, running }, rule, validity);
  const end = endOf(verdict, rule);
  if (verdict.kind !== 'start')
    return { end, outcome: `${lifeInWords(validity, now)}, ${waitInWords(verdict, schedule.timeZone)}` };
  const reason = `the issuing CA has ${lifeInWords(validity, now)}; due ${ruleInWords(rule)}`;
  const rotationId = await startToNewCa(tick, fleet, reason);
  return { end, outcome: `rotation ${rotationId} started: ${reason}` };
}

/** What runs out is the CA, and it runs out for every fleet that trusts it. Throws what starting a rotation may throw. */
export async function startToNewCa(tick: Tick, fleet: Fleet, reason: string): Promise<string> {
  const together = (await tick.ports.fleets.fleetsOn(fleet.issuingCa.id)).map(({ id }) => id);
  return startFor(tick, { fleetId: fleet.id, together, reason });
}

function lifeInWords({ notAfter }: Validity, now: number): string {
  return `${daysLeft(notAfter, now)} days left`;
}
