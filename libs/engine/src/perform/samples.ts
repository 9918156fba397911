import {
  type FleetSnapshot,
  fleetsOf,
  type GenerationRole,
  generationsFor,
  type RotationState,
} from '#rotation';
import { parseBundle, type SampleVerdicts, sampleExpectations } from '#trust';
import type { Fleet, Generation, SampleClient } from '../ports/fleet-store.js';
import { PortError } from '../ports/problem.js';
import { type EffectContext, required } from './context.js';
import { type HostTrustSetting, trustSettings } from './trust-settings.js';

type Generations = Readonly<Record<GenerationRole, Generation>>;

/** Asks, for every sample and generation, what nginx would say under each setting found on the hosts of its fleet. */
export async function verifySamples(context: EffectContext) {
  const fleets = fleetsOf(context.state.snapshot);
  const verdicts = await Promise.all(fleets.map((fleet) => fleetVerdicts(context, fleet)));
  const { problems, accepted, refusedAfterContract } = sampleExpectations(
    verdicts.flat(),
    context.ports.clock.now(),
  );
  const [first] = problems;
  if (!first) return { accepted, refusedAfterContract };
  const others = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  throw new PortError({ code: first.code, message: `${first.message}${others}`, nextStep: first.nextStep });
}

/** Names of samples are unique within a fleet only. */
export function sampleName({ snapshot }: RotationState, fleet: Fleet, { name }: SampleClient): string {
  return fleet.id === snapshot.fleetId ? name : `${fleet.name}/${name}`;
}

async function fleetVerdicts(
  context: EffectContext,
  { fleetId, old, hostIds }: FleetSnapshot,
): Promise<SampleVerdicts[]> {
  const { fleets } = context.ports;
  const fleet = await fleets.fleet(fleetId);
  const built = required(generationsFor(context.state, fleetId), 'generations.build');
  const generations = {
    old: await fleets.generation(old.id),
    overlap: await fleets.generation(built.overlap.id),
    new: await fleets.generation(built.next.id),
  };
  const questions = fleet.samples.flatMap((sample) =>
    trustSettings(context.state, hostIds).map((setting) => ({ sample, setting })),
  );
  return Promise.all(
    questions.map(({ sample, setting }) =>
      verdictsOf(
        context,
        { ...sample, name: sampleName(context.state, fleet, sample) },
        generations,
        setting,
      ),
    ),
  );
}

async function verdictsOf(
  { ports }: EffectContext,
  { name, certificatePem, chainPem, expect }: SampleClient,
  generations: Generations,
  { where, ...setting }: HostTrustSetting,
): Promise<SampleVerdicts> {
  const [leaf] = parseBundle(certificatePem).certificates;
  const ask = ({ content }: Generation) =>
    ports.verifier.verify({
      ...setting,
      bundlePem: content,
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
