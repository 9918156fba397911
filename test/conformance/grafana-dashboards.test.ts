import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ALL_METRICS, metricsInMarkdown } from '#platform';
import { checkedBy } from '../kit/monitoring.js';
import { repositoryRoot } from '../kit/repository-root.js';

interface Panel {
  readonly id: number;
  readonly title: string;
  readonly type: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly { readonly expr: string }[];
}
interface Dashboard {
  readonly uid: string;
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly name: string; readonly query: string }[] };
}

const folder = path.join(repositoryRoot(), 'policy/grafana');
const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
const read = (name: string): Dashboard => JSON.parse(readFileSync(path.join(folder, name), 'utf8'));
const exprsOf = ({ panels }: Dashboard) =>
  panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));

/** Every name that the registries give: a histogram has three. */
const REGISTERED = new Map(
  ALL_METRICS.flatMap(({ name, type, labels }) =>
    (type === 'histogram' ? ['_bucket', '_sum', '_count'] : ['']).map((end) => [
      name + end,
      new Set<string>([...labels, ...(end === '_bucket' ? ['le'] : [])]),
    ]),
  ),
);

/** Every square of Grafana's grid, 24 wide, that the panel lies on. */
function cellsOf({ gridPos: { x, y, w, h } }: Panel): readonly string[] {
  expect(x + w).toBeLessThanOrEqual(24);
  const [columns, rows] = [Array.from({ length: w }), Array.from({ length: h })];
  return columns.flatMap((_, column) => rows.map((_, row) => `${x + column},${y + row}`));
}

/** Grafana's own variables, as Prometheus would get them. */
const filled = (expr: string) =>
  expr.replaceAll('$__rate_interval', '5m').replaceAll('$fleet', '.*').replaceAll('$datasource', 'x');

describe.each(names.map((name) => [name, read(name)] as const))('%s', (name, dashboard) => {
  it('asks for metrics that there are, by labels that they have', () => {
    const faults = exprsOf(dashboard).flatMap((expr) =>
      [...expr.matchAll(/\b(windlass_\w+)(?:{([^}]*)})?/g)].flatMap(([, metric = '', matchers = '']) => {
        const labels = REGISTERED.get(metric);
        if (labels === undefined) return [`no ${metric}`];
        const used = [...matchers.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)].map(([, label = '']) => label);
        return used.filter((label) => !labels.has(label)).map((label) => `${metric} has no ${label}`);
      }),
    );
    expect(faults).toEqual([]);
    expect(exprsOf(dashboard).length).toBeGreaterThan(10);
  });

  it('asks in a language that Prometheus understands', async () => {
    const rules = exprsOf(dashboard).map((expr, at) => ({ record: `asked:${at}`, expr: filled(expr) }));
    const scratch = mkdtempSync(path.join(tmpdir(), 'windlass-dashboard-'));
    const file = path.join(scratch, 'rules.json');
    writeFileSync(file, JSON.stringify({ groups: [{ name, rules }] }));
    const { code, said } = await checkedBy('promtool', ['check', 'rules', '--lint=none', file]);
    rmSync(scratch, { recursive: true });
    expect(code, said).toBe(0);
  });

  it('takes its fleets from a metric that there is, and covers no panel with another', () => {
    const queries = dashboard.templating.list.map(({ query }) => /windlass_\w+/.exec(query)?.[0]);
    expect(queries.filter((metric) => metric !== undefined && !REGISTERED.has(metric))).toEqual([]);
    const cells = dashboard.panels.flatMap(cellsOf);
    expect(new Set(cells).size).toBe(cells.length);
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
  });
});

describe('the dashboards', () => {
  it('have a place for every metric', () => {
    const asked = names.flatMap((name) => exprsOf(read(name))).join('\n');
    const left = ALL_METRICS.map(({ name }) => name).filter(
      (name) => !new RegExp(`\\b${name}(_bucket)?\\b`).test(asked),
    );
    expect(left).toEqual(['windlass_fleet_created_timestamp_seconds']);
  });
});

describe('docs/metrics.md', () => {
  it('has the tables that are made from the registered metrics', () => {
    const page = readFileSync(path.join(repositoryRoot(), 'docs/metrics.md'), 'utf8');
    expect(page).toContain(metricsInMarkdown());
  });
});
