import { X509Certificate } from 'node:crypto';
import type { EffectContext } from './context.js';

/** Longer than any contract takes. */
const NEEDED_MS = 3_600_000;
const LIFETIME_SECONDS = 2 * 3600;

/** A soak may have outlived the leaf that stands for the clients of the new CA: a contract needs one that is in date. */
export async function renewNewLeaf(
  { ports, fleet, state }: EffectContext,
  newIssuerId: string,
): Promise<void> {
  const { rotationId } = state.snapshot;
  const leaf = await ports.rotations.leaf(rotationId, 'new');
  const ends = leaf === null ? 0 : Date.parse(new X509Certificate(leaf.certificatePem).validTo);
  if (ends - ports.clock.now() > NEEDED_MS) return;
  const fresh = await ports.ca.issueLeaf(fleet.issuingCa, {
    issuerId: newIssuerId,
    commonName: `windlass-probe-${rotationId.slice(0, 8)}-new`,
    ttlSeconds: LIFETIME_SECONDS,
  });
  await ports.rotations.replaceLeaf(rotationId, 'new', fresh);
}
