import type { Cost } from './cpu.js';
import { median } from './figures.js';
import type { Run } from './runs.js';

/** All that one comparison measured. */
export interface Figures {
  readonly hosts: number;
  readonly rounds: number;
  readonly runs: readonly Run[];
  /** Seconds from the first `go` until all hosts were switched, proven and probed. */
  readonly commits: readonly number[];
  /** Seconds from the decision until all hosts were back. */
  readonly reverts: readonly number[];
}

/** Of one tool: medians over the rounds, in seconds and bytes. */
interface Row {
  readonly tool: string;
  readonly rounds: number;
  readonly cost: Cost;
  readonly memory: number;
  readonly skew: number | null;
}

const MEGABYTE = 1_000_000;

/** The last line: medians by tool, and what Windlass takes as a share of each. */
export function ratios(figures: Figures) {
  const rows = rowsOf(figures);
  const of = (name: string) => rows.filter(({ tool }) => tool.startsWith(name));
  const [windlass] = of('Windlass');
  if (!windlass) throw new Error('Windlass did not run');
  // Whichever number at once suits the machine better is what an expert would take.
  const [openssh] = of('OpenSSH').toSorted((one, other) => one.cost.wall - other.cost.wall);
  const wallShare = (row: Row | undefined) => (row ? share(windlass.cost.wall, row.cost.wall) : null);
  const orchestrator = windlass.cost.client + windlass.cost.database;
  return {
    ...{ hosts: figures.hosts, rounds: figures.rounds, medians: rows.map(medianOf) },
    vsOpenSsh: wallShare(openssh),
    vsAnsible: wallShare(of('Ansible')[0]),
    vsPyinfra: wallShare(of('pyinfra')[0]),
    vsAsyncssh: wallShare(of('asyncssh')[0]),
    cpuVsOpenSsh: openssh ? share(orchestrator, openssh.cost.client) : null,
    skewShare: share(windlass.skew ?? 0, windlass.cost.wall),
    revertVsCommit: share(median(figures.reverts), median(figures.commits)),
  };
}

/** The figures as a table of Markdown. */
export function comparisonTable(figures: Figures): string {
  const rows = rowsOf(figures);
  const windlass = rows.find(({ tool }) => tool === 'Windlass');
  const lines = rows.map(({ tool, rounds, cost, memory, skew }) => {
    const each = (seconds: number | null) =>
      seconds === null ? '' : ((1_000 * seconds) / figures.hosts).toFixed(1);
    const ours = windlass ? (windlass.cost.wall / cost.wall).toFixed(2) : '';
    const cells = [tool, rounds, cost.wall.toFixed(2), ours, each(cost.client), each(cost.database)];
    return [...cells, each(cost.hosts), (memory / MEGABYTE).toFixed(0), skew?.toFixed(2) ?? ''].join(' | ');
  });
  return [
    '| tool | rounds | wall s | Windlass is | client CPU ms a host | database | the host | peak MB | skew s |',
    '|---|---|---|---|---|---|---|---|---|',
    ...lines.map((line) => `| ${line} |`),
  ].join('\n');
}

function rowsOf({ runs }: Figures): Row[] {
  const tools = [...new Set(runs.map(({ tool }) => tool))];
  return tools.map((tool) => {
    const own = runs.filter((run) => run.tool === tool);
    const costs = own.map(({ cost }) => cost);
    const skews = own.flatMap(({ skew }) => (skew === null ? [] : [skew]));
    return {
      ...{ tool, rounds: own.length, memory: median(own.map(({ memory }) => memory)) },
      cost: {
        wall: median(costs.map(({ wall }) => wall)),
        client: median(costs.map(({ client }) => client)),
        database: median(costs.map(({ database }) => database)),
        hosts: costs.some(({ hosts }) => hosts === null)
          ? null
          : median(costs.map(({ hosts }) => hosts ?? 0)),
      },
      skew: skews.length === 0 ? null : median(skews),
    };
  });
}

function medianOf({ tool, rounds, cost, memory, skew }: Row): object {
  const rounded = (value: number | null) => (value === null ? null : Math.round(value * 1_000) / 1_000);
  return {
    ...{ tool, rounds, wallSeconds: rounded(cost.wall), clientCpuSeconds: rounded(cost.client) },
    ...{ databaseCpuSeconds: rounded(cost.database), hostsCpuSeconds: rounded(cost.hosts) },
    ...{ peakBytes: Math.round(memory), skewSeconds: rounded(skew) },
  };
}

const share = (part: number, whole: number): number => Math.round((1_000 * part) / whole) / 1_000;
