import { courseOf } from '#rotation';
import { type BundleCertificate, holdsCa } from '#trust';
import { anchorsIn } from '../generation-anchors.js';
import type { IssuedLeaf } from '../ports/ca-source.js';
import type { Generation } from '../ports/fleet-store.js';
import { type EffectContext, oldOf } from './context.js';
import { alone, endOf, isVouchedFor, leafLabel, trustsLeaf } from './expectations.js';

/** Whom a switch shuts out. */
export interface ShutOut {
  /** In words, such as `a client of the old CA`. */
  readonly who: string;
  /** Null where we have no such certificate, or where it expired: then nobody can be asked as. */
  readonly leaf: IssuedLeaf | null;
  /** The anchors that are gone. */
  readonly dropped: readonly BundleCertificate[];
}

/** Null where the switch drops no anchor: whoever widens trust shuts nobody out, and need not pay for the proof. */
export async function shutOutBy(
  context: EffectContext,
  near: Generation,
  far: Generation,
): Promise<ShutOut | null> {
  const { recent, state, ports } = context;
  // What somebody else left on a host is known by its digest alone; what the fleet is recorded to trust is not.
  const before = courseOf(state).adopts ? await recent.generation(oldOf(context).id) : near;
  const dropped = anchorsIn(before).filter((anchor) => !holdsCa(anchorsIn(far), anchor));
  if (dropped.length === 0) return null;
  for (const role of ['old', 'new'] as const) {
    const leaf = await recent.leaf(state.snapshot.rotationId, role);
    if (leaf === null || trustsLeaf(far, leaf)) continue;
    const inDate = endOf(leaf.certificatePem) > ports.clock.now();
    const shown = isVouchedFor(far, leaf) ? alone(leaf) : leaf;
    return { who: leafLabel(state.snapshot.strategy, role), leaf: inDate ? shown : null, dropped };
  }
  return { who: leafLabel(state.snapshot.strategy, 'old'), leaf: null, dropped };
}
