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
  if (!(await isRestored(context, host, sides))) {
    return hosts.revert(host, context.token(), near.digest, far.digest);
  }
  const old = oldOf(context).digest;
  const bundle = { digest: near.digest, content: near.content };
  await hosts.stage(host, context.token(), old, bundle, context.state.snapshot.timing.voteMs);
  const report = await hosts.commit(host, context.token(), old, near.digest, null);
  await hosts.confirm(host, context.token(), near.digest);
  return report;
}

/** On what the fleet served before the rotation, where that is neither side, or on the way from there to the near side. */
async function isRestored(context: EffectContext, host: HostRecord, { near, far }: Sides): Promise<boolean> {
  const { digest: old } = oldOf(context);
  if (old === near.digest || old === far.digest) return false;
  const { files, transaction } = await context.ports.hosts.observe(host);
  if (files.every(({ digest }) => digest === old)) return true;
  const { rotationId } = context.state.snapshot;
  const ours = transaction?.token.rotation === rotationId && transaction.step === 'committed';
  return ours && transaction.from === old && transaction.to === near.digest;
}
