import type { ChainVerdict } from './chain-verdict.js';
import type { Finding } from './finding.js';

/** One sample client under one setting (depth, trusted file) of the fleet, judged against the three generations. */
export interface SampleVerdicts {
  readonly sample: string;
  /** End of the leaf's validity in milliseconds. */
  readonly notAfter: number;
  readonly expect: 'accepted' | 'refused';
  /** Where the setting comes from, such as `edge-1 /etc/nginx/nginx.conf:12`. */
  readonly where: string;
  readonly old: ChainVerdict;
  readonly overlap: ChainVerdict;
  readonly new: ChainVerdict;
}

/** A finding, and the verdict that it is about; `role` is null where the sample itself is at fault. */
export interface SampleProblem<Sample extends SampleVerdicts = SampleVerdicts> extends Finding {
  readonly about: { readonly sample: Sample; readonly role: GenerationRole | null };
}

export interface SampleJudgement<Sample extends SampleVerdicts = SampleVerdicts> {
  readonly problems: readonly SampleProblem<Sample>[];
  /** Samples that all three generations accept everywhere. */
  readonly accepted: readonly string[];
  /** Samples that lose access somewhere once the old CA is dropped: they must be re-issued before. */
  readonly refusedAfterContract: readonly string[];
}

type GenerationRole = 'old' | 'overlap' | 'new';

/**
 * Holds sample clients against what the three generations would do. A client that must be accepted must be so
 * by old and overlap, and may be refused by new; one that must be refused must be refused by all three.
 */
export function sampleExpectations<Sample extends SampleVerdicts>(
  samples: readonly Sample[],
  now: number,
): SampleJudgement<Sample> {
  const failing = promised(samples)
    .filter((one) => [one.old, one.overlap].some(({ verdict }) => verdict === 'refused'))
    .map((one) => one.sample);
  const problems = samples.flatMap((sample) => problemsOf(sample, now));
  return { problems, ...afterwards(samples.filter((one) => !failing.includes(one.sample))) };
}

/**
 * The same for other CRLs beside the same anchors. Who is refused today loses nothing by them, and may get in again;
 * whoever they refuse is named. Only a client that is to be refused and would be let in speaks against them.
 */
export function refreshExpectations<Sample extends SampleVerdicts>(
  samples: readonly Sample[],
): SampleJudgement<Sample> {
  const problems = samples
    .filter((one) => one.expect === 'refused' && one.new.verdict === 'accepted')
    .map((one) => ({ ...letIn(one, 'new'), about: { sample: one, role: 'new' } }) as const);
  return { problems, ...afterwards(samples) };
}

function promised<Sample extends SampleVerdicts>(samples: readonly Sample[]): readonly Sample[] {
  return samples.filter((sample) => sample.expect === 'accepted');
}

/** Who of those that are to be accepted gets in everywhere by the new generation, and who does not. */
function afterwards(
  samples: readonly SampleVerdicts[],
): Pick<SampleJudgement, 'accepted' | 'refusedAfterContract'> {
  const good = promised(samples);
  const lost = new Set(good.filter((one) => one.new.verdict === 'refused').map((one) => one.sample));
  const names = [...new Set(good.map((one) => one.sample))];
  return {
    accepted: names.filter((name) => !lost.has(name)),
    refusedAfterContract: names.filter((name) => lost.has(name)),
  };
}

function problemsOf<Sample extends SampleVerdicts>(sample: Sample, now: number): SampleProblem<Sample>[] {
  const about = (finding: Finding, role: GenerationRole | null) => ({ ...finding, about: { sample, role } });
  if (sample.expect === 'refused') {
    return (['old', 'overlap', 'new'] as const)
      .filter((role) => sample[role].verdict === 'accepted')
      .map((role) => about(letIn(sample, role), role));
  }
  if (sample.notAfter < now) return [about(expired(sample), null)];
  return (['old', 'overlap'] as const).flatMap((role) => {
    const verdict = sample[role];
    return verdict.verdict === 'refused' ? [about(lockedOut(sample, role, verdict.cause), role)] : [];
  });
}

/** F34: the sample is at fault, not the fleet. */
function expired(sample: SampleVerdicts): Finding {
  return {
    code: 'sample.expired',
    severity: 'error',
    message: `sample ${sample.sample} expired on ${new Date(sample.notAfter).toISOString()}, so it can prove nothing`,
    nextStep: 'replace the sample by a client certificate that is in date; the fleet is not at fault',
  };
}

function lockedOut(sample: SampleVerdicts, role: GenerationRole, cause: string): Finding {
  return {
    code: `sample.refused-by-${role}`,
    severity: 'error',
    message: `sample ${sample.sample} must be accepted and the ${role} generation refuses it at ${sample.where}: ${cause}`,
    nextStep:
      role === 'old'
        ? 'it is refused today already: check the sample, its intermediates, and ssl_verify_depth there'
        : 'the rotation would lock this client out: keep its CA in the bundle',
  };
}

function letIn(sample: SampleVerdicts, role: GenerationRole): Finding {
  return {
    code: `sample.accepted-by-${role}`,
    severity: 'error',
    message: `sample ${sample.sample} must be refused and the ${role} generation accepts it at ${sample.where}`,
    nextStep:
      role === 'new'
        ? 'find which anchor of the new generation, or which ssl_trusted_certificate there, lets it in'
        : 'correct the expectation of the sample, or drop the CA that lets it in by a distrust rotation',
  };
}
