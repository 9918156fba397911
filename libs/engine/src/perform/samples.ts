import { type GenerationRole, resultOf } from '#rotation';
import { parseBundle, type SampleVerdicts, sampleExpectations } from '#trust';
import type { Generation, SampleClient } from '../ports/fleet-store.js';
import { PortError } from '../ports/problem.js';
import { type EffectContext, required } from './context.js';
import { type HostTrustSetting, trustSettings } from './inspect.js';

type Generations = Readonly<Record<GenerationRole, Generation>>;

/** Asks, for every sample and generation, what nginx would say under each setting found on the hosts. */
export async function verifySamples(context: EffectContext) {
  const generations = await generationsOf(context);
  const settings = trustSettings(context.state);
  const questions = context.fleet.samples.flatMap((sample) =>
    settings.map((setting) => ({ sample, setting })),
  );
  const verdicts = await Promise.all(
    questions.map(({ sample, setting }) => verdictsOf(context, sample, generations, setting)),
  );
  const { problems, accepted, refusedAfterContract } = sampleExpectations(
    verdicts,
    context.ports.clock.now(),
  );
  const [first] = problems;
  if (!first) return { accepted, refusedAfterContract };
  const others = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  throw new PortError({ code: first.code, message: `${first.message}${others}`, nextStep: first.nextStep });
}

async function generationsOf({ state, ports }: EffectContext): Promise<Generations> {
  const built = required(resultOf(state, 'generations.build'), 'generations.build');
  return {
    old: await ports.fleets.generation(state.snapshot.old.id),
    overlap: await ports.fleets.generation(built.overlap.id),
    new: await ports.fleets.generation(built.next.id),
  };
}

async function verdictsOf(
  { ports }: EffectContext,
  { name, certificatePem, chainPem, expect }: SampleClient,
  generations: Generations,
  { depth, trustedPem, where }: HostTrustSetting,
): Promise<SampleVerdicts> {
  const [leaf] = parseBundle(certificatePem).certificates;
  const ask = ({ content }: Generation) =>
    ports.verifier.verify({
      bundlePem: content,
      trustedPem,
      depth,
      leafPem: certificatePem,
      sentPem: chainPem,
    });
  return {
    sample: name,
    notAfter: leaf?.notAfter ?? 0,
    expect,
    where,
    old: await ask(generations.old),
    overlap: await ask(generations.overlap),
    new: await ask(generations.new),
  };
}
