import { Counter, Histogram, type Registry } from 'prom-client';
import type { Measurement } from '#engine';

/** A metric that grows with what one process does, and begins at zero with it. */
export interface WorkMetric {
  readonly name: string;
  readonly type: 'counter' | 'histogram';
  readonly help: string;
  readonly labels: readonly string[];
  /** Upper bounds in seconds. */
  readonly buckets?: readonly number[];
}

const STEPS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];
/** A soak takes weeks. */
const PHASES = [1, 5, 15, 60, 300, 900, 3_600, 21_600, 86_400, 604_800, 2_592_000];
const SKEWS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export const WORK_METRICS = {
  rotations: {
    ...{ name: 'windlass_rotation_duration_seconds', type: 'histogram', buckets: PHASES },
    help: 'From when a rotation was asked for until it ended.',
    labels: ['strategy', 'outcome'],
  },
  phases: {
    ...{ name: 'windlass_phase_duration_seconds', type: 'histogram', buckets: PHASES },
    help: 'How long a phase of a rotation took.',
    labels: ['strategy', 'phase'],
  },
  skew: {
    ...{ name: 'windlass_wave_skew_seconds', type: 'histogram', buckets: SKEWS },
    help: 'Between the first and the last host of one wave that said that it has switched, of switches that were kept.',
    labels: ['transition'],
  },
  effects: {
    ...{ name: 'windlass_effect_duration_seconds', type: 'histogram', buckets: STEPS },
    help: 'How long one step took: at the CA (ca.*), or at one host (host.*).',
    labels: ['effect', 'outcome'],
  },
  failures: {
    ...{ name: 'windlass_effect_failures_total', type: 'counter' },
    help: 'Steps that failed, by the code of the reason. probe.wrong-verdict: a client was refused that must get in, or the other way round.',
    labels: ['effect', 'code'],
  },
  probes: {
    ...{ name: 'windlass_probes_total', type: 'counter' },
    help: 'Clients that were played at listeners: answered, refused (by nginx or in TLS), none (no answer). The controls of each proof must be refused.',
    labels: ['answer'],
  },
  ca: {
    ...{ name: 'windlass_ca_errors_total', type: 'counter' },
    help: 'What Vault, or another CA, said no to, or did not answer, by code, whoever asked.',
    labels: ['code'],
  },
  hosts: {
    ...{ name: 'windlass_host_errors_total', type: 'counter' },
    help: 'What went wrong with hosts over SSH, by code, whoever asked.',
    labels: ['code'],
  },
} as const satisfies Readonly<Record<string, WorkMetric>>;

type Name = keyof typeof WORK_METRICS;

/** Counts what this process does. */
export class WorkMetrics {
  private readonly counters = new Map<Name, Counter>();
  private readonly histograms = new Map<Name, Histogram>();

  constructor(registry: Registry) {
    for (const [key, metric] of Object.entries(WORK_METRICS) as [Name, WorkMetric][]) {
      const shared = { ...metric, labelNames: [...metric.labels], registers: [registry] };
      if (metric.type === 'counter') this.counters.set(key, new Counter(shared));
      else this.histograms.set(key, new Histogram({ ...shared, buckets: [...(metric.buckets ?? STEPS)] }));
    }
    // A rate needs a first value to grow from.
    for (const answer of ['answered', 'refused', 'none']) this.counters.get('probes')?.inc({ answer }, 0);
  }

  record(one: Measurement): void {
    switch (one.kind) {
      case 'rotation-ended':
        this.observe('rotations', { strategy: one.strategy, outcome: one.outcome }, one.seconds);
        break;
      case 'phase-ended':
        this.observe('phases', { strategy: one.strategy, phase: one.phase }, one.seconds);
        break;
      case 'wave-switched':
        this.observe('skew', { transition: one.transition }, one.seconds);
        break;
      case 'effect-ended':
        this.observe('effects', { effect: one.effect, outcome: one.outcome }, one.seconds);
        break;
      case 'effect-failed':
        this.count('failures', { effect: one.effect, code: one.code });
        break;
      case 'probed':
        this.count('probes', { answer: one.answer });
        break;
      case 'port-failed':
        this.count(one.port === 'ca' ? 'ca' : 'hosts', { code: one.code });
        break;
    }
  }

  private count(name: Name, labels: Record<string, string>): void {
    this.counters.get(name)?.inc(labels);
  }

  private observe(name: Name, labels: Record<string, string>, seconds: number): void {
    this.histograms.get(name)?.observe(labels, seconds);
  }
}
