import { type DueRule, decideRotation, endOf, ruleInWords, type Validity } from '#schedule';
import { coverAnchors, firstToEnd, gainOf, type RevocationList } from '#trust';
import { anchorsIn, crlsBeside } from '../generation-anchors.js';
import { crlSources } from '../perform/crl-sources.js';
import { whyNoOther } from '../perform/generation-crls.js';
import type { Fleet } from '../ports/fleet-store.js';
import { startFor, waitInWords } from './start.js';
import type { Tick, TickResult } from './tick.js';

/** What a CRL is to a rule that asks for the age of a CA: when it was made, and when it ends. */
export function crlValidity({ generation }: Pick<Fleet, 'generation'>, now: number): Validity | null {
  const first = firstToEnd(crlsBeside(generation, now));
  return first === null ? null : validityOf(first);
}

/** Brings hosts the CRLs of now, when the first of theirs is due and there is something to bring. */
export async function refreshTick(tick: Tick, rule: DueRule): Promise<TickResult> {
  const { ports, schedule, at, now } = tick;
  const fleet = await ports.fleets.fleet(schedule.fleetId);
  const running = await ports.schedules.rotationOn(fleet.id);
  const validity = crlValidity(fleet, now) ?? { notBefore: now, notAfter: now };
  const verdict = decideRotation({ now, tickAt: at, timetable: schedule, running }, rule, validity);
  const end = endOf(verdict, rule);
  if (verdict.kind !== 'start') return { end, outcome: waitInWords(verdict, schedule.timeZone) };
  const idle = await whyIdle(tick, fleet);
  // What is due stays due, and the next CRL may be there in a quarter of an hour.
  if (idle !== null) return { end: rule.kind === 'each-time' ? 'done' : 'again', outcome: idle };
  const reason = `the first CRL of the fleet ends at ${new Date(validity.notAfter).toISOString()}; due ${ruleInWords(rule, 'refresh')}`;
  const rotationId = await startFor(tick, { fleetId: fleet.id, strategy: 'refresh', reason });
  return { end, outcome: `rotation ${rotationId} started: ${reason}` };
}

/** Why a refresh would be refused, so that none is started; null when hosts would gain something by one. */
async function whyIdle({ ports, now }: Tick, fleet: Fleet): Promise<string | null> {
  const anchors = anchorsIn(fleet.generation);
  const sources = await crlSources(ports.ca, fleet, anchors);
  const fresh = coverAnchors(anchors, sources.lists, now);
  if (gainOf(crlsBeside(fleet.generation, now), fresh, now) !== null) return null;
  const failure = whyNoOther(fresh, sources, now);
  if (failure !== null) return `no CRL to bring: ${failure.problem.message} ${failure.problem.nextStep}`;
  return 'nothing to do: the CRLs of now say what hosts have, and half of their life is left or no CA made another';
}

function validityOf({ thisUpdate, nextUpdate }: RevocationList): Validity {
  return { notBefore: thisUpdate, notAfter: nextUpdate ?? Number.POSITIVE_INFINITY };
}
