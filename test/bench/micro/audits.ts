import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { repositoryRoot } from '#kit';

/** One tool that reads a configuration, as a command and by itself. */
export interface AuditTool {
  readonly name: string;
  /** What it prints goes nowhere. */
  readonly command: readonly string[];
  /** A fresh process that measures its own work, without its start and its imports, and prints JSON. */
  readonly inside: readonly string[];
}

/** Of one run, in seconds. */
export interface AuditRun {
  readonly tool: string;
  readonly whole: number;
  readonly inside: number;
  /** What came of it. */
  readonly found: Readonly<Record<string, number>>;
}

/** Windlass first. `python` has the peers beside itself. */
export function auditTools(python: string, main: string): readonly AuditTool[] {
  const root = repositoryRoot();
  const peers = path.join(root, 'test/bench/micro/audit_peer.py');
  const beside = (name: string) => [python, path.join(path.dirname(python), name)];
  return [
    {
      name: 'windlass audit',
      command: [
        process.execPath,
        path.join(root, 'dist/apps/cli/src/main.js'),
        'audit',
        '--format',
        'json',
        main,
      ],
      inside: [process.execPath, path.join(root, 'dist/test/bench/micro/audit-once.js'), main],
    },
    {
      name: 'crossplane parse',
      command: [...beside('crossplane'), 'parse', main],
      inside: [python, peers, 'crossplane', main],
    },
    {
      name: 'gixy',
      command: [...beside('gixy'), '--format', 'json', main],
      inside: [python, peers, 'gixy', main],
    },
  ];
}

/** Throws when a tool could not read all of it. */
export function runAudit({ name, command, inside }: AuditTool): AuditRun {
  const started = performance.now();
  const whole = spawnSync(command[0] ?? '', command.slice(1), { stdio: ['ignore', 'ignore', 'pipe'] });
  const seconds = (performance.now() - started) / 1_000;
  // Findings are 1 or 2; a program that was not found, or was killed, has no exit code.
  if (whole.status === null || whole.status > 2) throw new Error(`${name}: ${whole.stderr}`);
  const { stdout, stderr, status } = spawnSync(inside[0] ?? '', inside.slice(1), { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${name}: ${stderr}`);
  const { seconds: own, ...found } = JSON.parse(stdout) as Record<string, number>;
  if ((found.problems ?? 0) > 0) throw new Error(`${name} could not read all of it: ${stdout}`);
  return { tool: name, whole: seconds, inside: own ?? 0, found };
}
