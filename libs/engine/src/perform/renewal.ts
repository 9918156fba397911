import { type BundleCertificate, type CoveredAnchor, composeGeneration, crlTexts } from '#trust';
import type { Generation, SampleClient } from '../ports/fleet-store.js';
import { type EffectContext, hostOf } from './context.js';
import { sampleName, sampleVerdicts } from './samples.js';
import { trustSettings } from './trust-settings.js';

/** A generation of the context's fleet with the CRLs of now, checked and not yet recorded. */
export interface Renewal {
  readonly context: EffectContext;
  readonly anchors: readonly BundleCertificate[];
  readonly crls: readonly CoveredAnchor[];
  /** Of the samples that are to be let in: how many are by every server, and the names of the others. */
  readonly samples: { readonly accepted: number; readonly refused: readonly string[] };
}

/** `generation` with other CRLs, its samples judged by them. Throws PortError where they cannot be judged. */
export async function judgedWith(
  context: EffectContext,
  hostIds: readonly string[],
  generation: Generation,
  { anchors, crls }: Pick<Renewal, 'anchors' | 'crls'>,
): Promise<Renewal> {
  const anchorsPem = anchors.map(({ pem }) => pem);
  const fresh = composeGeneration({ anchorsPem, crlsPem: crlTexts(crls), markerPem: null });
  const samples = await judgedBy(context, hostIds, { ...generation, ...fresh });
  return { context, anchors, crls, samples };
}

async function judgedBy(
  context: EffectContext,
  hostIds: readonly string[],
  generation: Generation,
): Promise<Renewal['samples']> {
  const { state, fleet } = context;
  const going = hostIds.filter((id) => !state.decommissioned.has(id));
  const ids = new Set(trustSettings(state, going).map(({ hostId }) => hostId));
  const hosts = [...ids].map((id) => hostOf(context, id));
  const isRefused = async (sample: SampleClient) => {
    const verdicts = hosts.map((host) => sampleVerdicts(context, host, sample, generation));
    return (await Promise.all(verdicts)).flat().includes('refused');
  };
  const good = fleet.samples.filter(({ expect }) => expect === 'accepted');
  const verdicts = await Promise.all(good.map(isRefused));
  const refused = good.filter((_, index) => verdicts[index]).map((one) => sampleName(state, fleet, one));
  return { accepted: good.length - refused.length, refused };
}

/** What tells apart whether two sets of anchors have the same CRLs. */
export function listsOf(all: readonly CoveredAnchor[]): string {
  return all.map(({ list }) => list?.fingerprint ?? '').join();
}
