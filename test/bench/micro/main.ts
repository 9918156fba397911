import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { median, numberOf, say } from '../figures.js';
import { type AuditRun, auditTools, runAudit } from './audits.js';
import { writeBigConfig } from './big-config.js';
import { bySpawning, byWindlass, type VerdictCase, verdictCase } from './verdicts.js';

/** `npm run bench:micro -- --rounds 5 --clients 100 --megabytes 5 --seed 7`: docs/benchmarks.md says what it measures. */
const rounds = numberOf('rounds', 5);
const clients = numberOf('clients', 100);
const python = process.env.WINDLASS_BENCH_PYTHON ?? '';
if (python === '') throw new Error('start it with npm run bench:micro, which installs the peers');

/** It takes half a minute for 5 MB, and is asked in the first round alone. */
const SLOW = 'gixy';

const JUDGES = {
  'openssl, one after the other': (asked: VerdictCase) => bySpawning(asked, 1),
  'openssl, 4 at once': (asked: VerdictCase) => bySpawning(asked, 4),
  windlass: byWindlass,
} as const;
type Judge = keyof typeof JUDGES;

const folder = mkdtempSync(path.join(tmpdir(), 'windlass-micro-'));
const config = writeBigConfig(folder, numberOf('megabytes', 5) * 1_000_000, numberOf('seed', 7));
const asked = await verdictCase(clients);
const seconds = new Map<Judge, number[]>();
const audits: AuditRun[] = [];
say(
  `${rounds} rounds: ${asked.questions.length} verdicts (${clients} clients, 3 bundles); a configuration of ${config.bytes} bytes, ${config.files} files, ${config.servers} servers`,
);
try {
  for (let round = 1; round <= rounds; round += 1) {
    await judgeRound();
    const tools = auditTools(python, config.main).filter(({ name }) => round === 1 || name !== SLOW);
    audits.push(...tools.map(runAudit));
    tellRound(round, tools.length);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
  asked.remove();
}
say(table());
say(JSON.stringify(summary()));

/** Every way must come to the same verdicts, or there is nothing to compare. */
async function judgeRound(): Promise<void> {
  let expected: readonly boolean[] | null = null;
  for (const judge of Object.keys(JUDGES) as Judge[]) {
    const started = performance.now();
    const verdicts = await JUDGES[judge](asked);
    seconds.set(judge, [...(seconds.get(judge) ?? []), (performance.now() - started) / 1_000]);
    expected ??= verdicts;
    const other = verdicts.findIndex((verdict, index) => verdict !== expected?.[index]);
    if (other >= 0) throw new Error(`${judge} judges question ${other} otherwise: ${verdicts[other]}`);
  }
}

function tellRound(round: number, tools: number): void {
  const judged = [...seconds].map(([judge, all]) => `${judge} ${all.at(-1)?.toFixed(3)} s`);
  const read = audits
    .slice(-tools)
    .map(({ tool, inside, whole }) => `${tool} ${inside.toFixed(2)} s (whole process ${whole.toFixed(2)} s)`);
  say(`round ${round}: ${[...judged, ...read].join('; ')}`);
}

function medianOf(tool: string, part: 'inside' | 'whole'): number {
  return median(audits.filter((run) => run.tool === tool).map((run) => run[part]));
}

function table(): string {
  const windlass = median(seconds.get('windlass') ?? []);
  const verdicts = [...seconds].map(([judge, all]) => {
    const own = median(all);
    const each = (1_000 * own) / asked.questions.length;
    return `| ${judge} | ${own.toFixed(3)} | ${each.toFixed(2)} | ${(own / windlass).toFixed(2)} |`;
  });
  const tools = [...new Set(audits.map(({ tool }) => tool))].map((tool) => {
    const times = (['inside', 'whole'] as const).map((part) => medianOf(tool, part));
    const ours = (['inside', 'whole'] as const).map((part) => medianOf('windlass audit', part));
    const shares = times.map((time, index) => (time / (ours[index] ?? 1)).toFixed(2));
    return `| ${tool} | ${times[0]?.toFixed(2)} | ${shares[0]} | ${times[1]?.toFixed(2)} | ${shares[1]} |`;
  });
  return [
    '| verdicts by | wall s | ms each | of Windlass |',
    '|---|---|---|---|',
    ...verdicts,
    '',
    '| configuration read by | its work s | of Windlass | whole process s | of Windlass |',
    '|---|---|---|---|---|',
    ...tools,
  ].join('\n');
}

/** Ratios are Windlass over the other: 0.50 is half of it. */
function summary() {
  const rounded = (value: number) => Math.round(value * 1_000) / 1_000;
  const judged = (judge: Judge) => median(seconds.get(judge) ?? []);
  const shares = (tool: string) => ({
    inside: rounded(medianOf('windlass audit', 'inside') / medianOf(tool, 'inside')),
    whole: rounded(medianOf('windlass audit', 'whole') / medianOf(tool, 'whole')),
  });
  return {
    ...{ rounds, verdicts: asked.questions.length, identicalVerdicts: true },
    verdictSeconds: Object.fromEntries([...seconds].map(([judge, all]) => [judge, rounded(median(all))])),
    verdictVsSpawn: rounded(judged('windlass') / judged('openssl, one after the other')),
    verdictVsSpawnAtOnce: rounded(judged('windlass') / judged('openssl, 4 at once')),
    config,
    auditSeconds: audits.slice(0, 3).map(({ tool, found }) => ({
      ...{ tool, inside: rounded(medianOf(tool, 'inside')), whole: rounded(medianOf(tool, 'whole')), found },
    })),
    auditVsCrossplane: shares('crossplane parse'),
    auditVsGixy: shares('gixy'),
  };
}
