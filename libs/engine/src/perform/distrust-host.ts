import type { HostEffect } from '#rotation';
import type { Generation, HostRecord } from '../ports/fleet-store.js';
import { commonDigest } from './common-digest.js';
import { type EffectContext, hostOf, sidesOf } from './context.js';
import { proveSwitched } from './prove.js';

/**
 * Takes what is distrusted from one host and proves it, with no timer that would put it back: stage, switch, proof, end.
 * Whatever of it a lost worker did already is found, and carried on.
 */
export async function distrust(context: EffectContext, effect: HostEffect) {
  const { far } = await sidesOf(context, effect.transition, effect.hostId);
  const host = hostOf(context, effect.hostId);
  await switchForGood(context, host, far);
  const proof = await proveSwitched(context, effect);
  await context.ports.hosts.confirm(host, context.token(), far.digest);
  return proof;
}

async function switchForGood(context: EffectContext, host: HostRecord, far: Generation): Promise<void> {
  const { ports, state, token } = context;
  const observed = await ports.hosts.observe(host);
  const there = commonDigest(host, observed);
  const { transaction } = observed;
  const ours = transaction?.token.rotation === state.snapshot.rotationId && transaction.to === far.digest;
  if (ours && transaction.step === 'confirmed' && there === far.digest) return;
  const from = ours && transaction.step === 'committed' ? transaction.from : there;
  const bundle = { digest: far.digest, content: far.content };
  await ports.hosts.stage(host, token(), from, bundle, state.snapshot.timing.voteMs);
  await ports.hosts.commit(host, token(), from, far.digest, null);
}
