import { judgeUsage, type OldCaUser, type UsageVerdict } from '#rotation';
import type { OutstandingLeaves } from '../ports/ca-source.js';
import { issuerById, oldIssuerId } from './ca-effects.js';
import { type EffectContext, required } from './context.js';
import { caCertificate } from './issuer-certificate.js';

/** Ours, see `probeLeaf` and `verifyDefault`: nobody is shut out with them. */
const PROBE_LEAF = /^CN=windlass-(probe|check)-[0-9a-f]{8}(-(old|new))?$/;

/** Asks the CA who may still hold a certificate of the old issuer, and judges whether it may be dropped. */
export async function judgeOldCaUsage(
  context: EffectContext,
): Promise<UsageVerdict & Record<string, unknown>> {
  const { ports, fleet, state } = context;
  const { issuingCa } = fleet;
  const oldId = oldIssuerId(context);
  const old = caCertificate(await issuerById(context, oldId), issuingCa);
  const { leaves, unknown, longestTtlSeconds } = await ports.ca.outstanding(issuingCa, oldId);
  const restricted = state.effects.get(`activate.${state.attempt.activate}/ca.restrict-old`);
  const stoppedAt = Date.parse(required(restricted ?? null, 'ca.restrict-old').at);
  const facts = { oldCa: old.subject, stoppedAt, endsAt: old.notAfter, longestTtlSeconds, unknown };
  return { ...judgeUsage({ ...facts, held: leaves.flatMap(userOf) }, ports.clock.now()) };
}

function userOf({ subject, serial, notAfter }: OutstandingLeaves['leaves'][number]): OldCaUser[] {
  if (PROBE_LEAF.test(subject)) return [];
  return [{ name: subject, serial, until: new Date(notAfter).toISOString() }];
}
