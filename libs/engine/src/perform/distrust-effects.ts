import { fleetsOf } from '#rotation';
import { anchorsOf, holdsCa, isNamed, parseBundle, withoutAnchors } from '#trust';
import { anchorsIn } from '../generation-anchors.js';
import type { CaSurvey, Issuer } from '../ports/ca-source.js';
import { PortError } from '../ports/problem.js';
import type { EffectContext } from './context.js';

/** How long a canary CA and its client live: longer than any fire drill takes, and no longer. */
const CANARY_LIFE_MS = 6 * 3_600_000;
/** A client of this name is no client of anybody's. */
const WITNESS_LIFE_SECONDS = 2 * 3600;

/**
 * Issues the leaf by which the hosts are asked: a client of what is distrusted, or of the CA that issues today. What
 * hosts must do does not depend on it, so that a CA that gives none is written down and keeps nobody waiting.
 */
export async function witness(context: EffectContext): Promise<{ unavailable: string | null }> {
  const { ports, fleet, state } = context;
  const { rotationId, strategy } = state.snapshot;
  if (await ports.rotations.leaf(rotationId, 'old')) return { unavailable: null };
  try {
    const found = await ports.ca.survey(fleet.issuingCa);
    const [issuer] = strategy === 'distrust' ? await distrustedIn(context, found) : [];
    if (strategy === 'distrust' && !issuer) {
      return { unavailable: 'the issuing CA has no issuer with that key' };
    }
    const leaf = await ports.ca.issueLeaf(fleet.issuingCa, {
      issuerId: issuer?.id ?? found.defaultIssuerId,
      commonName: `windlass-probe-${rotationId.slice(0, 8)}-old`,
      ttlSeconds: WITNESS_LIFE_SECONDS,
    });
    await ports.rotations.saveLeaf(rotationId, 'old', leaf);
    return { unavailable: null };
  } catch (error) {
    if (error instanceof PortError) return { unavailable: error.problem.message };
    throw error;
  }
}

/** Takes `issuing-certificates` from every issuer that nobody trusts then, or names those that only a person can stop. */
export async function stopIssuing(
  context: EffectContext,
): Promise<{ stopped: readonly string[]; byHand?: readonly string[] }> {
  const { ports, fleet } = context;
  const survey = await ports.ca.survey(fleet.issuingCa);
  const found = await distrustedIn(context, survey);
  if (survey.byHand) return { stopped: [], byHand: found.map(({ name, id }) => name || id) };
  for (const { id } of found) await ports.ca.setIssuing(fleet.issuingCa, id, false);
  return { stopped: found.map(({ id, name }) => name || id) };
}

/** Issuers with a distrusted key, and those that go with it because their way up to a root led through it. */
async function distrustedIn({ ports, state }: EffectContext, { issuers }: CaSurvey): Promise<Issuer[]> {
  const { distrusted: ids = [] } = state.snapshot;
  const served = await Promise.all(
    fleetsOf(state.snapshot).map(({ old }) => ports.fleets.generation(old.id)),
  );
  const orphaned = served.flatMap((one) => withoutAnchors(anchorsIn(one), ids).orphaned);
  return issuers.filter(({ certificatePem }) =>
    anchorsOf(parseBundle(certificatePem)).some((one) => isNamed(one, ids) || holdsCa(orphaned, one)),
  );
}

/** The CA of a fire drill, and its one client. */
export async function mintCanary({ ports, fleet, state }: EffectContext): Promise<{ subject: string }> {
  const { rotationId } = state.snapshot;
  const name = `windlass ${fleet.name.slice(0, 30)} canary ${rotationId.slice(0, 8)}`;
  const known = await ports.rotations.leaf(rotationId, 'new');
  if (!known) {
    const leaf = await ports.mint.canary(name, ports.clock.now() + CANARY_LIFE_MS);
    await ports.rotations.saveLeaf(rotationId, 'new', leaf);
  }
  return { subject: `CN=${name}` };
}
