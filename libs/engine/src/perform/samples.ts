import {
  courseOf,
  type FleetSnapshot,
  fleetsOf,
  type GenerationRole,
  generationsFor,
  type RotationState,
} from '#rotation';
import {
  type ChainQuestion,
  crlsIn,
  parseBundle,
  refreshExpectations,
  type SampleProblem,
  type SampleVerdicts,
  sampleExpectations,
} from '#trust';
import { decidedBy, verifierOn } from '../inspection/trust-settings.js';
import { verifiedBy } from '../inspection/verified-by.js';
import type { ChainVerifier } from '../ports/chain-verifier.js';
import type { Fleet, Generation, HostRecord, SampleClient } from '../ports/fleet-store.js';
import { PortError } from '../ports/problem.js';
import { adviceInWords, advise } from '../verdict/advise.js';
import { capitalised } from './capitalised.js';
import { type EffectContext, hostOf, required } from './context.js';
import { type FoundSetting, trustSettings } from './trust-settings.js';

type Generations = Readonly<Record<GenerationRole, Generation>>;

/** The verdicts of one sample under one setting, and how they were asked for. */
interface Judged extends SampleVerdicts {
  readonly verifier: ChainVerifier;
  readonly questions: Readonly<Record<GenerationRole, ChainQuestion>>;
}

/** Asks, for every sample and generation, what nginx would say under each setting found on the hosts of its fleet. */
export async function verifySamples(context: EffectContext) {
  const { state, ports } = context;
  const fleets = fleetsOf(state.snapshot);
  const verdicts = await Promise.all(fleets.map((fleet) => fleetVerdicts(context, fleet)));
  const now = ports.clock.now();
  const judged = fleets.map((fleet, index) => ({
    ...fleet,
    ...(state.snapshot.strategy === 'refresh'
      ? refreshExpectations(verdicts[index] ?? [])
      : sampleExpectations(verdicts[index] ?? [], now)),
  }));
  const [first, ...others] = judged.flatMap(({ problems }) => problems);
  if (first) throw await refusal(first, others.length);
  return {
    accepted: judged.flatMap(({ accepted }) => accepted),
    refusedAfterContract: judged.flatMap(({ refusedAfterContract }) => refusedAfterContract),
    byFleet: judged.map(({ fleetId, hostIds, accepted, refusedAfterContract }) => ({
      ...{ fleetId, accepted: accepted.length, refusedAfterContract },
      verifiedBy: verifiedBy(trustSettings(state, hostIds).map((one) => nameHost(one, state))),
    })),
  };
}

function nameHost({ hostId, openssl }: FoundSetting, { snapshot }: RotationState) {
  const host = snapshot.hostNames[hostId] ?? hostId;
  return openssl === undefined ? { host } : { host, openssl };
}

/** Names of samples are unique within a fleet only. */
export function sampleName({ snapshot }: RotationState, fleet: Fleet, { name }: SampleClient): string {
  return fleet.id === snapshot.fleetId ? name : `${fleet.name}/${name}`;
}

async function fleetVerdicts(
  context: EffectContext,
  { fleetId, old, hostIds }: FleetSnapshot,
): Promise<Judged[]> {
  const { fleets } = context.ports;
  const { atOnce } = courseOf(context.state);
  const settings = trustSettings(context.state, hostIds);
  const asked = settings.map(({ hostId }) => hostId);
  const fleet = await fleets.fleet(fleetId, asked);
  const built = required(generationsFor(context.state, fleetId), 'generations.build');
  const generations = {
    old: await fleets.generation(old.id),
    // Nobody is let in by both: whoever is on the way out may be refused from the switch on.
    overlap: await fleets.generation(atOnce ? old.id : built.overlap.id),
    new: await fleets.generation(built.next.id),
  };
  return Promise.all(
    settings.flatMap((setting) => {
      const verifier = verifierOn(hostOf({ ...context, fleet }, setting.hostId), setting, context.ports);
      return fleet.samples.map((sample) =>
        judge(
          { ...sample, name: sampleName(context.state, fleet, sample) },
          { generations, setting, verifier },
        ),
      );
    }),
  );
}

interface Judging {
  readonly generations: Generations;
  readonly setting: FoundSetting;
  readonly verifier: ChainVerifier;
}

async function judge(
  { name, certificatePem, chainPem, expect }: SampleClient,
  { generations, setting, verifier }: Judging,
): Promise<Judged> {
  const [leaf] = parseBundle(certificatePem).certificates;
  const questionTo = ({ content }: Generation): ChainQuestion => ({
    ...{ ...decidedBy(setting, content), leafPem: certificatePem, sentPem: chainPem },
  });
  const questions = {
    old: questionTo(generations.old),
    overlap: questionTo(generations.overlap),
    new: questionTo(generations.new),
  };
  return {
    ...{ sample: name, notAfter: leaf?.notAfter ?? 0, expect, where: setting.where, verifier, questions },
    old: await verifier.verify(questions.old),
    overlap: await verifier.verify(questions.overlap),
    new: await verifier.verify(questions.new),
  };
}

/** What the servers of one host would say of a sample if they served this generation: one verdict for each setting. */
export async function sampleVerdicts(
  { ports, state }: EffectContext,
  host: HostRecord,
  { certificatePem, chainPem }: SampleClient,
  { content }: Generation,
): Promise<readonly ('accepted' | 'refused')[]> {
  const verdicts = trustSettings(state, [host.id]).map(async (setting) => {
    const question = { ...decidedBy(setting, content), leafPem: certificatePem, sentPem: chainPem };
    return (await verifierOn(host, setting, ports).verify(question)).verdict;
  });
  return Promise.all(verdicts);
}

/** The first problem, with what would mend it; the others are counted. */
async function refusal(problem: SampleProblem<Judged>, others: number): Promise<PortError> {
  const more = others > 0 ? ` (and ${others} more)` : '';
  const { code, message, nextStep } = problem;
  const mended = await mend(problem);
  return new PortError({
    code,
    message: `${message}${mended?.because ?? ''}${more}`,
    nextStep: capitalised(mended?.nextStep ?? nextStep),
  });
}

/** Looks for advice in everything that the three generations hold. */
async function mend({ about: { sample, role } }: SampleProblem<Judged>) {
  if (role === null || sample.expect === 'refused') return null;
  const verdict = sample[role];
  if (verdict.verdict === 'accepted') return null;
  const { questions, verifier } = sample;
  const certificates = Object.values(questions).flatMap(
    ({ bundlePem }) => parseBundle(bundlePem).certificates,
  );
  const crls = Object.values(questions).flatMap(({ bundlePem }) => crlsIn(bundlePem).map(({ pem }) => pem));
  const advice = await advise(verifier, questions[role], verdict, { certificates, crls });
  const because = advice.reasons[0] ? `; ${advice.reasons[0].what}` : '';
  return { because, nextStep: adviceInWords(advice, verdict.cause) };
}
