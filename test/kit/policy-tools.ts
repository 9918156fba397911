import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { repositoryRoot } from './repository-root.js';

/** What a program said, and how it ended. */
export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the real Conftest. Rejects when it was not built: a test without it must fail and never be skipped. */
export async function conftest(args: readonly string[], input = ''): Promise<Ran> {
  const { conftest: path } = await tools();
  return ran(path ?? missing('Conftest'), args, input);
}

/** Runs the real Checkov, which asks nobody in the network. Rejects when it was not installed. */
export async function checkov(args: readonly string[]): Promise<Ran> {
  const { python } = await tools();
  return ran(python ?? missing('Checkov'), ['-m', 'checkov.main', '--skip-download', ...args], '');
}

/** Where both are, for somebody who types their names: as programs of TypedShell. */
export async function policyPrograms(): Promise<{ conftest: string; checkov: string }> {
  const { conftest: path, python } = await tools();
  return {
    conftest: `exec '${path ?? missing('Conftest')}' "$@"`,
    checkov: `exec '${python ?? missing('Checkov')}' -m checkov.main "$@"`,
  };
}

function missing(tool: string): never {
  throw new Error(`${tool} is not there: run "node tools/policy/build.mjs" (needs Go and Python, once)`);
}

async function ran(command: string, args: readonly string[], input: string): Promise<Ran> {
  // Python would leave what it compiles of policy/ beside it, and compile Checkov anew in each run.
  const bytecode = join(dirname(command), '..', 'bytecode');
  const env = { ...process.env, PYTHONPYCACHEPREFIX: bytecode, PYTHONDONTWRITEBYTECODE: '' };
  const child = spawn(command, args, { env });
  // It may end, with a complaint about its options, before it read anything.
  child.stdin.on('error', () => {}).end(input);
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { code, stdout, stderr };
}

/** Imported by address, because tools/policy is plain JavaScript that tsc does not copy to dist. */
async function tools(): Promise<{ conftest: string | null; python: string | null }> {
  const script = pathToFileURL(join(repositoryRoot(), 'tools', 'policy', 'build.mjs')).href;
  const { cachedPolicyTools }: typeof import('../../tools/policy/build.mjs') = await import(script);
  return cachedPolicyTools();
}
