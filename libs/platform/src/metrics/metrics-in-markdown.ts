import { STATE_METRICS } from './state-metrics.js';
import { WORK_METRICS } from './work-metrics.js';

interface Documented {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly labels: readonly string[];
}

/** Every metric with the prefix `windlass_`, and which process has it. */
export const ALL_METRICS: readonly Documented[] = [...STATE_METRICS, ...Object.values(WORK_METRICS)];

/** The tables of docs/metrics.md. */
export function metricsInMarkdown(): string {
  return [
    ...['## What stands in the database', '', 'From the API only.', '', ...table(STATE_METRICS), ''],
    ...['## What a process does', '', 'From the API and from each worker.', ''],
    ...table(Object.values(WORK_METRICS)),
  ].join('\n');
}

function table(metrics: readonly Documented[]): readonly string[] {
  return [
    ...['| metric | type | labels | meaning |', '|---|---|---|---|'],
    ...metrics.map(
      ({ name, type, labels, help }) =>
        `| \`${name}\` | ${type} | ${labels.map((label) => `\`${label}\``).join(', ')} | ${help} |`,
    ),
  ];
}
