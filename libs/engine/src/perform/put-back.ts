import { overlapsOf } from '#rotation';
import type { HostRecord } from '../ports/fleet-store.js';
import type { SwitchReport } from '../ports/host-gateway.js';
import { type EffectContext, oldOf, type Sides } from './context.js';

/**
 * Puts the near side back. A host that was restored from a state of before the near side has no way back to it: it is
 * switched there anew, with no timer, as nothing may go further back. Throws `host.drift` for a file that this rotation
 * does not know (I1), and what {@link HostGateway.revert} throws.
 */
export async function putBack(context: EffectContext, host: HostRecord, sides: Sides): Promise<SwitchReport> {
  const { near, far } = sides;
  const { hosts } = context.ports;
  const from = await restoredTo(context, host, sides);
  if (from === null) return hosts.revert(host, context.token(), near.digest, far.digest);
  const bundle = { digest: near.digest, content: near.content };
  await hosts.stage(host, context.token(), from, bundle, context.state.snapshot.timing.voteMs);
  const report = await hosts.commit(host, context.token(), from, near.digest, null);
  await hosts.confirm(host, context.token(), near.digest);
  return report;
}

/**
 * The digest of what the fleet served before the near side, where the host is on that, or on the way from there to the
 * near side; null where it is not.
 */
async function restoredTo(
  context: EffectContext,
  host: HostRecord,
  { near, far }: Sides,
): Promise<string | null> {
  const { state, fleet } = context;
  const all = [oldOf(context), ...overlapsOf(state, fleet.id)].map(({ digest }) => digest);
  const before = all.filter((digest) => digest !== near.digest && digest !== far.digest);
  if (before.length === 0) return null;
  const { files, transaction } = await context.ports.hosts.observe(host);
  const { rotationId } = state.snapshot;
  const ours = transaction?.token.rotation === rotationId && transaction.step === 'committed';
  const isFrom = (one: string) =>
    files.every(({ digest }) => digest === one) ||
    (ours && transaction.from === one && transaction.to === near.digest);
  return before.find(isFrom) ?? null;
}
