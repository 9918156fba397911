import { courseOf, type HostEffect, keptOverlaps, renewedFor, renewedNow, type Strategy } from '#rotation';
import { endOfCrl, holdsCa, mayHaveIssued, parseBundle } from '#trust';
import { anchorsIn, crlsBeside } from '../generation-anchors.js';
import type { IssuedLeaf } from '../ports/ca-source.js';
import type { Generation } from '../ports/fleet-store.js';
import type { ProbeIdentity } from '../ports/probe.js';
import { PortError } from '../ports/problem.js';
import type { LeafRole } from '../ports/rotation-store.js';
import { type EffectContext, hostOf } from './context.js';
import { sampleName, sampleVerdicts } from './samples.js';

/** A client with a key, and what it must get. */
export interface Expectation {
  readonly who: string;
  readonly identity: ProbeIdentity;
  /** Null where either is right, and is only written down. */
  readonly verdict: 'accepted' | 'refused' | null;
}

/** What each keyed client must get of a host that serves this side of the transition. */
export async function expectations(
  context: EffectContext,
  { transition, hostId }: HostEffect,
  side: 'near' | 'far',
  serving: Generation,
): Promise<Expectation[]> {
  const { strategy } = context.state.snapshot;
  const { adopts } = courseOf(context.state);
  const isRefresh = strategy === 'refresh' || transition === 'refresh';
  // What somebody else left on a host promises nothing.
  if (adopts && side === 'near') return [];
  const leaves =
    strategy === 'overlap'
      ? await overlapLeaves(context, transition, side)
      : await leavesBy(context, serving);
  // Before a refresh nobody promised anything of the samples: the CRLs of today may have ended.
  const samples =
    adopts || (isRefresh && side === 'near')
      ? await judgedSamples(context, hostId, serving)
      : promisedSamples(context, lostBy(context, transition, side));
  const found = [...leaves.flatMap((leaf) => withAndWithoutCa(serving, leaf)), ...samples];
  // A refresh brings the best CRLs there are: where none is better, it makes nothing worse.
  const isNew = side === 'far' && !adopts && !isRefresh && context.state.phase === transition;
  return !isNew && hasEndedCrl(context, serving) ? found.map(unlessAccepted) : found;
}

/** Of a generation that was there before, whose CRL ended since: that nobody gets in says nothing of the switch. */
function unlessAccepted(one: Expectation): Expectation {
  return one.verdict === 'accepted' ? { ...one, verdict: null } : one;
}

function hasEndedCrl({ fleet, ports }: EffectContext, serving: Generation): boolean {
  if (fleet.revocation !== 'crl') return false;
  const now = ports.clock.now();
  return crlsBeside(serving, now).some(({ list }) => list !== null && endOfCrl(list) <= now);
}

/**
 * Of clients that must stay out although the CA above theirs is still trusted: those that send their certificate alone
 * are refused. Those that send their CA along get in, unless a CRL of the host says otherwise, which is not ours to say.
 */
function withAndWithoutCa(serving: Generation, one: Expectation): Expectation[] {
  if (one.verdict !== 'refused' || !isVouchedFor(serving, one.identity)) return [one];
  return [
    { ...one, who: `${one.who} that sends nothing along`, identity: alone(one.identity) },
    { ...one, who: `${one.who} that sends its CA along`, verdict: null },
  ];
}

/** Whether a CA that the client sends along was signed by one that is trusted. */
export function isVouchedFor(serving: Generation, { chainPem }: Pick<ProbeIdentity, 'chainPem'>): boolean {
  const sent = parseBundle(chainPem).certificates;
  return sent.some((one) => anchorsIn(serving).some((anchor) => mayHaveIssued(anchor, one)));
}

/** Without the CAs that it would send. */
export function alone<Client extends ProbeIdentity>(identity: Client): Client {
  return { ...identity, chainPem: '' };
}

async function overlapLeaves(
  context: EffectContext,
  transition: HostEffect['transition'],
  side: 'near' | 'far',
): Promise<Expectation[]> {
  if (transition === 'refresh') return bothLeaves(context);
  // What goes back has to end somewhere: a leaf that it outlived is not asked as.
  const client = side === 'near' ? agedLeaf : leafExpectation;
  if (transition === 'expand') return [await oldClient(context, 'accepted', client)];
  return [
    // The old CA issues no more: nobody could make another one.
    await agedLeaf(context, 'old', side === 'far' ? 'refused' : 'accepted'),
    await client(context, 'new', 'accepted'),
  ];
}

/** Both CAs are trusted on both sides; a leaf that a long soak outlived is not asked as. */
async function bothLeaves(context: EffectContext): Promise<Expectation[]> {
  const found: Expectation[] = [];
  for (const role of ['old', 'new'] as const) {
    const identity = await context.recent.leaf(context.state.snapshot.rotationId, role);
    if (identity) found.push({ who: `a client of the ${role} CA`, identity, verdict: 'accepted' });
  }
  return found;
}

const WHO: Readonly<Record<Strategy, Readonly<Record<LeafRole, string>>>> = {
  overlap: { old: 'a client of the old CA', new: 'a client of the new CA' },
  rehearse: { old: 'a client of the issuing CA', new: 'the client of the canary CA' },
  distrust: { old: 'a client of what is distrusted', new: '' },
  replace: { old: 'a client of the issuing CA', new: '' },
  sync: { old: 'a client of the issuing CA', new: '' },
  refresh: { old: 'a client of the issuing CA', new: '' },
};

/** Whom our leaf of that role stands for. */
export function leafLabel(strategy: Strategy, role: LeafRole): string {
  return WHO[strategy][role];
}

/** A leaf gets in exactly where its CA is trusted, by whichever certificate. */
export function trustsLeaf(serving: Generation, { issuerPem }: IssuedLeaf): boolean {
  return parseBundle(issuerPem).certificates.some((issuer) => holdsCa(anchorsIn(serving), issuer));
}

async function leavesBy(context: EffectContext, serving: Generation): Promise<Expectation[]> {
  const { rotationId, strategy } = context.state.snapshot;
  const found: Expectation[] = [];
  for (const role of ['old', 'new'] as const) {
    const leaf = await context.recent.leaf(rotationId, role);
    if (!leaf) continue;
    const verdict = trustsLeaf(serving, leaf) ? 'accepted' : 'refused';
    found.push({ who: leafLabel(strategy, role), identity: leaf, verdict });
  }
  return found;
}

function promisedSamples(context: EffectContext, lost: readonly string[]): Expectation[] {
  return context.fleet.samples.flatMap((sample) => {
    const identity = keyed(sample);
    if (!identity) return [];
    const name = sampleName(context.state, context.fleet, sample);
    const verdict = lost.includes(name) ? 'refused' : sample.expect;
    return [{ who: `sample ${name}`, identity, verdict }];
  });
}

/** What the servers of a host would say of the samples; one that they disagree on is not asked. */
async function judgedSamples(
  context: EffectContext,
  hostId: string,
  serving: Generation,
): Promise<Expectation[]> {
  const found: Expectation[] = [];
  for (const sample of context.fleet.samples) {
    const identity = keyed(sample);
    if (!identity) continue;
    const verdicts = await sampleVerdicts(context, hostOf(context, hostId), sample, serving);
    const [verdict, ...others] = new Set(verdicts);
    if (verdict === undefined || others.length > 0) continue;
    found.push({ who: `sample ${sample.name}`, identity, verdict });
  }
  return found;
}

function keyed({ certificatePem, chainPem, privateKey }: EffectContext['fleet']['samples'][number]) {
  return privateKey && { certificatePem, chainPem, privateKey };
}

/** Samples that were to be let in before and are refused on this side, as their CA is gone or revoked them. */
function lostBy(
  context: EffectContext,
  transition: HostEffect['transition'],
  side: 'near' | 'far',
): readonly string[] {
  const { state, fleet } = context;
  const { atOnce } = courseOf(state);
  if (side === 'far' && (transition === 'contract' || atOnce)) return refusedAfterContract(context);
  const renewed = side === 'far' && transition === 'refresh' ? renewedNow(state, fleet.id) : null;
  return (renewed ?? keptOverlaps(state, fleet.id)[0])?.samples.refused ?? [];
}

/** A client may have been revoked in the soak: what the renewed CRLs of the contract say comes first. */
function refusedAfterContract({ state, fleet }: EffectContext): readonly string[] {
  const renewed = renewedFor(state, fleet.id)?.samples;
  if (renewed) return renewed.refusedAfterContract;
  const names = state.effects.get('samples.verify')?.result.refusedAfterContract;
  return Array.isArray(names) ? names.map(String) : [];
}

/** Behind a gate the last client of the old CA may have expired, and ours with it: then nobody is left to ask as. */
function oldClient(
  context: EffectContext,
  verdict: Expectation['verdict'],
  client: typeof leafExpectation,
): Promise<Expectation> {
  const behindGate = context.state.snapshot.contractWhen === 'unused';
  return (behindGate ? agedLeaf : client)(context, 'old', verdict);
}

/** A leaf that has expired is not asked as: its refusal would be for the date, which says nothing about trust. */
async function agedLeaf(
  context: EffectContext,
  role: LeafRole,
  verdict: Expectation['verdict'],
): Promise<Expectation> {
  const { rotationId } = context.state.snapshot;
  const leaf = await context.recent.leaf(rotationId, role);
  if (!leaf) throw new Error(`the ${role} probe leaf of ${rotationId} is not stored`);
  return { who: `a client of the ${role} CA`, identity: leaf, verdict };
}

/** Throws `probe.identity-expired` where the proof needs somebody who has not expired, and another leaf can be made. */
export async function leafExpectation(
  context: EffectContext,
  role: LeafRole,
  verdict: Expectation['verdict'],
): Promise<Expectation> {
  const { ports, state } = context;
  const now = ports.clock.now();
  const found = await agedLeaf(context, role, verdict);
  if (endOf(found.identity.certificatePem) > now) return found;
  // It may have been replaced a moment ago.
  const identity = await ports.rotations.leaf(state.snapshot.rotationId, role);
  if (identity && endOf(identity.certificatePem) > now) return { ...found, identity };
  throw new PortError({
    code: 'probe.identity-expired',
    message: `The probe certificate of the ${role} CA expired in mid-rotation, so it proves nothing.`,
    nextStep:
      'Retry the rotation, or resume it where it is paused; this is the fault of the probe certificate, not of the fleet.',
  });
}

/** Milliseconds since the epoch. A sample that ends in mid-rotation is refused for its date, which says nothing of the fleet (F34). */
export function endOf(certificatePem: string): number {
  const [leaf] = parseBundle(certificatePem).certificates;
  if (leaf === undefined) throw new Error('what was recorded as a client certificate cannot be read');
  return leaf.notAfter;
}
