import {
  type FleetSnapshot,
  fleetsOf,
  type GenerationRef,
  generationsFor,
  type RenewedOverlap,
  resultOf,
  triedOverlaps,
} from '#rotation';
import { gainOf } from '#trust';
import { anchorsIn, crlsBeside } from '../generation-anchors.js';
import { PortError } from '../ports/problem.js';
import { type EffectContext, required } from './context.js';
import { covered, sourcesFor, whyNoOther } from './generation-crls.js';
import { crlEndsOf, recordGeneration, referenceOf } from './record-generation.js';
import { renewNewLeaf } from './renew-leaf.js';
import { judgedWith, listsOf, type Renewal } from './renewal.js';

/**
 * While the fleets trust both CAs: each overlap whose hosts would gain by the CRLs of now is recorded anew. Nothing is
 * renewed while those on the hosts revoke whom those of now revoke, and have half of their life left. Throws PortError
 * where none can be renewed and one would have to be.
 */
export async function renewOverlap(context: EffectContext): Promise<{ renewed: readonly RenewedOverlap[] }> {
  const due: Renewal[] = [];
  let failure: PortError | null = null;
  for (const snapshot of fleetsOf(context.state.snapshot)) {
    const found = await look(context, snapshot);
    if (found instanceof PortError) failure ??= found;
    else if (found !== null) due.push(found);
  }
  // One fleet does not wait for the CRLs of another one.
  if (due.length === 0 && failure) throw failure;
  if (due.length > 0) await renewProbeLeaf(context);
  // Behind everything that may fail, as before a contract.
  const renewed: RenewedOverlap[] = [];
  for (const renewal of due) {
    const overlap = await recorded(renewal);
    const { context: own, crls, samples } = renewal;
    renewed.push({ fleetId: own.fleet.id, overlap, samples, ...crlEndsOf(crls) });
  }
  return { renewed };
}

/** A try that came to nothing left a generation behind, which is as good while there are no newer CRLs. */
async function recorded({ context, anchors, crls }: Renewal): Promise<GenerationRef> {
  const { state, fleet, ports } = context;
  const last = triedOverlaps(state, fleet.id)[0]?.overlap;
  if (last) {
    const there = crlsBeside(await ports.fleets.generation(last.id), ports.clock.now());
    if (listsOf(there) === listsOf(crls)) return last;
  }
  return referenceOf(await recordGeneration(context, anchors, crls));
}

/** Null where the fleet gains nothing; why not, where it should. */
async function look(context: EffectContext, snapshot: FleetSnapshot): Promise<Renewal | PortError | null> {
  const fleet = await context.ports.fleets.fleet(snapshot.fleetId);
  if (fleet.revocation !== 'crl') return null;
  return renewalOf({ ...context, fleet }, snapshot).catch((error: unknown) => {
    if (error instanceof PortError) return error;
    throw error;
  });
}

async function renewalOf(
  context: EffectContext,
  { fleetId, hostIds }: FleetSnapshot,
): Promise<Renewal | null> {
  const { ports, state } = context;
  const built = required(generationsFor(state, fleetId), 'generations.build');
  const overlap = await ports.fleets.generation(built.overlap.id);
  const anchors = anchorsIn(overlap);
  const sources = required(await sourcesFor(context, overlap, anchors), 'a fleet with CRLs was found');
  // As a refresh: where one CA has no better CRL, the others do not wait for it.
  const crls = covered(context, 'overlap', anchors, sources, 'refresh');
  const now = ports.clock.now();
  if (gainOf(crlsBeside(overlap, now), crls, now) !== null) {
    return judgedWith(context, hostIds, overlap, { anchors, crls });
  }
  const failure = whyNoOther(crls, sources, now);
  if (failure) throw failure;
  return null;
}

/** A switch is proven with it as well; without it by whoever else can be asked, so that its failure is none of the CRLs'. */
async function renewProbeLeaf(context: EffectContext): Promise<void> {
  const prepared = resultOf(context.state, 'ca.prepare');
  if (context.state.phase !== 'soak' || prepared === null) return;
  await renewNewLeaf(context, prepared.issuerId).catch((error: unknown) => {
    if (!(error instanceof PortError)) throw error;
  });
}
