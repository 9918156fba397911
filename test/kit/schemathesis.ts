import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { repositoryRoot } from './repository-root.js';

export interface SchemathesisRun {
  /** Of the API, without a path. */
  readonly url: string;
  readonly key: string;
  /** Fields that no schema can describe: tools/schemathesis/hooks.py. */
  readonly seeds: object;
  /** Such as `examples,coverage,fuzzing,stateful`. */
  readonly phases: string;
  /** Cases for each route at most, in each phase that makes them up. */
  readonly examples: number;
}

/**
 * Lets schemathesis ask the API for what its document promises, with all of its checks. Returns what it reported;
 * `code` is 0 when nothing was found. The same requests in each run. Rejects when it was not installed: a test without
 * it must fail and never be skipped.
 */
export async function schemathesis(
  run: SchemathesisRun,
): Promise<{ readonly code: number | null; readonly report: string }> {
  const python = await schemathesisPython();
  const tools = join(repositoryRoot(), 'tools', 'schemathesis');
  const folder = mkdtempSync(join(tmpdir(), 'windlass-schemathesis-'));
  const config = join(tools, 'schemathesis.toml');
  const args = ['-m', 'schemathesis.cli', '--config-file', config, 'run', `${run.url}/openapi.json`];
  const options = [
    '--phases',
    run.phases,
    '-n',
    `${run.examples}`,
    '--seed',
    '1',
    '--no-shrink',
    '--no-color',
  ];
  const header = [
    '--header',
    `Authorization: Bearer ${run.key}`,
    '--continue-on-failure',
    '--request-timeout',
    '30',
  ];
  try {
    const child = spawn(python, [...args, ...options, ...header], {
      cwd: folder,
      env: {
        ...process.env,
        SCHEMATHESIS_HOOKS: join(tools, 'hooks.py'),
        WINDLASS_SEEDS: JSON.stringify(run.seeds),
        PYTHONDONTWRITEBYTECODE: '1',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [said, complained, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close'),
    ]);
    return { code, report: `${said}${complained}` };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Imported by address, because tools/schemathesis is plain JavaScript that tsc does not copy to dist. */
async function schemathesisPython(): Promise<string> {
  const script = pathToFileURL(join(repositoryRoot(), 'tools', 'schemathesis', 'install.mjs')).href;
  const { cachedSchemathesis }: typeof import('../../tools/schemathesis/install.mjs') = await import(script);
  const python = cachedSchemathesis();
  if (python !== null) return python;
  throw new Error(
    'schemathesis is not there: run "node tools/schemathesis/install.mjs" (needs Python, once)',
  );
}
