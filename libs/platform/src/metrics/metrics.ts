import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { Figures, Measure } from '#engine';
import { STATE_METRICS, type StateMetric } from './state-metrics.js';
import { WorkMetrics } from './work-metrics.js';

/** Milliseconds that figures are good for: more Prometheus servers, or an impatient one, cost the database nothing. */
const FRESH_MS = 5_000;

/** The library names these gauges as if they were counters, which the linter of Prometheus refuses. */
const MISNAMED = ['handles', 'requests', 'resources'].map((what) => `nodejs_active_${what}_total`);

/** What one process tells Prometheus: what it did itself and, where it reads them, the figures of the installation. */
export class Metrics {
  private readonly registry = new Registry();
  private readonly work = new WorkMetrics(this.registry);
  private readonly read: (() => Promise<Figures>) | null;
  private readonly now: () => number;
  private readonly states: readonly { readonly metric: StateMetric; readonly told: Gauge | Counter }[];
  private reading: { readonly at: number; readonly done: Promise<void> } | null = null;

  /** `read`: null in a process that leaves the figures to another one. `now` in milliseconds. */
  constructor(read: (() => Promise<Figures>) | null = null, now: () => number = Date.now) {
    this.read = read;
    this.now = now;
    collectDefaultMetrics({ register: this.registry });
    for (const name of MISNAMED) this.registry.removeSingleMetric(name);
    this.states =
      read === null ? [] : STATE_METRICS.map((metric) => ({ metric, told: this.register(metric) }));
  }

  readonly measure: Measure = (measurement) => this.work.record(measurement);

  get contentType(): string {
    return this.registry.contentType;
  }

  /** In Prometheus' text format 0.0.4. Throws what `read` throws: no figures are better than those of before. */
  async text(): Promise<string> {
    await this.refresh();
    return this.registry.metrics();
  }

  /** Those who ask at once wait for one reading. */
  private refresh(): Promise<void> {
    const { reading } = this;
    if (reading !== null && this.now() - reading.at < FRESH_MS) return reading.done;
    const next = { at: this.now(), done: this.take() };
    this.reading = next;
    next.done.catch(() => {
      if (this.reading === next) this.reading = null;
    });
    return next.done;
  }

  private async take(): Promise<void> {
    if (this.read === null) return;
    const figures = await this.read();
    for (const { metric, told } of this.states) {
      told.reset();
      for (const { labels, value } of metric.samples(figures)) told.inc(labels, value);
    }
  }

  private register({ name, type, help, labels }: StateMetric): Gauge | Counter {
    const shared = { name, help, labelNames: [...labels], registers: [this.registry] };
    return type === 'counter' ? new Counter(shared) : new Gauge(shared);
  }
}
