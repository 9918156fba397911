import { type FleetSnapshot, fleetsOf } from '#rotation';
import {
  type BundleCertificate,
  type CoveredAnchor,
  composeGeneration,
  crlDiff,
  type Finding,
  lintBundle,
  parseBundle,
  trustDiff,
} from '#trust';
import { crlsBeside } from '../generation-anchors.js';
import type { Generation } from '../ports/fleet-store.js';
import { PortError } from '../ports/problem.js';
import { capitalised } from './capitalised.js';
import { type Anchored, COMPOSITIONS, todayOf } from './compositions.js';
import { type EffectContext, required } from './context.js';
import { covered, refuseIdle, sourcesFor } from './generation-crls.js';
import { crlEndsOf, recordGeneration, referenceOf } from './record-generation.js';
import { refuseUnmarkedSessions } from './unmarked-sessions.js';

/**
 * Builds and records the generations that the strategy asks for: what the fleet trusts on the way, and in the end.
 * Nothing is recorded unless nginx would accept the clients of every anchor in both (F22).
 */
export async function buildGenerations(context: EffectContext) {
  const composed: Composed[] = [];
  for (const snapshot of fleetsOf(context.state.snapshot)) {
    const fleet = await context.ports.fleets.fleet(snapshot.fleetId);
    composed.push(await compose({ ...context, fleet }, snapshot));
  }
  const built = [];
  for (const one of composed) built.push(await recordBoth(one));
  const [first, ...otherFleets] = built;
  return { ...required(first ?? null, 'a fleet was asked for'), otherFleets };
}

/** The anchors of both generations of one fleet and their CRLs, checked and not yet recorded. */
interface Composed extends Anchored {
  readonly context: EffectContext;
  readonly old: Generation;
  readonly crls: { readonly overlap: readonly CoveredAnchor[]; readonly next: readonly CoveredAnchor[] };
}

async function compose(context: EffectContext, snapshot: FleetSnapshot): Promise<Composed> {
  const { old, anchors } = await todayOf(context, snapshot);
  const anchored = await COMPOSITIONS[context.state.snapshot.strategy](context, anchors);
  const { overlap, next } = anchored;
  if (overlap) checkBundle(context, anchors, 'overlap', overlap);
  if (next) checkBundle(context, anchors, 'new-only', next);
  refuseUnmarkedSessions(context, snapshot.hostIds, overlap && overlap !== next ? overlap : anchors, next);
  const sources = await sourcesFor(context, old, [...(overlap ?? []), ...(next ?? [])]);
  const crls = {
    overlap: covered(context, 'overlap', overlap ?? [], sources),
    next: covered(context, 'new-only', next ?? [], sources),
  };
  if (sources !== null && context.state.snapshot.strategy === 'refresh') {
    refuseIdle(context.fleet, old, crls.next, { ...sources, now: context.ports.clock.now() });
  }
  return { context, old, ...anchored, crls };
}

async function recordBoth({ context, old, overlap, next, crls, stillTrusted = [] }: Composed) {
  const { id: fleetId, name } = context.fleet;
  const both = overlap ? await recordGeneration(context, overlap, crls.overlap) : old;
  const alone = next === overlap ? both : next ? await recordGeneration(context, next, crls.next) : old;
  const now = context.ports.clock.now();
  return {
    fleetId,
    overlap: referenceOf(both),
    next: referenceOf(alone),
    trustDiff: [
      trustDiff(parseBundle(old.content), parseBundle(alone.content)).text,
      ...stillTrusted.map(({ subject, through }) => `${subject} still let in through ${through}`),
      crlDiff(crlsBeside(old, now), crls.next),
    ]
      .filter((text) => text !== '')
      .join('; '),
    ...(stillTrusted.length > 0 ? { stillTrusted } : {}),
    fleet: name,
    ...crlEndsOf(crls.overlap),
  };
}

/** What is wrong with the bundle of today already is not made worse by a rotation, and keeps nobody from one. */
function checkBundle(
  { ports, fleet }: EffectContext,
  today: readonly BundleCertificate[],
  which: 'overlap' | 'new-only',
  certificates: readonly BundleCertificate[],
): void {
  const now = ports.clock.now();
  const known = errorsIn(today, now).map(withoutPlace);
  const finding = errorsIn(certificates, now).find((error) => !known.includes(withoutPlace(error)));
  if (!finding) return;
  throw new PortError({
    code: finding.code,
    message: `The ${which} bundle of fleet ${fleet.name} would refuse clients: ${finding.message}.`,
    nextStep: `${capitalised(finding.nextStep)}, then start again.`,
  });
}

function errorsIn(certificates: readonly BundleCertificate[], now: number): readonly Finding[] {
  const { content } = composeGeneration({ anchorsPem: pemsOf(certificates), markerPem: null });
  return lintBundle(parseBundle(content), now).filter(({ severity }) => severity === 'error');
}

/** The same certificate stands at another place in another bundle. */
function withoutPlace({ code, message }: Finding): string {
  return `${code} ${message.replace(/certificate \d+ \(line \d+/g, 'certificate (')}`;
}

function pemsOf(certificates: readonly BundleCertificate[]): readonly string[] {
  return certificates.map(({ pem }) => pem);
}
