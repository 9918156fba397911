import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Ran } from './policy-tools.js';
import { repositoryRoot } from './repository-root.js';

/** Helm's engine and Compose's loader. Rejects when they were not built: a test without them must fail and never be skipped. */
export async function deployCheck(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ran> {
  const { check } = await tools();
  return ran(check ?? missing(), args, { PATH: process.env.PATH, ...env });
}

/** Holds manifests in a file against the schemas of Kubernetes, with no field that they do not have. */
export async function validateManifests(file: string): Promise<Ran> {
  const { python } = await tools();
  return ran(python ?? missing(), ['-m', 'kubernetes_validate', '--strict', file]);
}

export async function hadolint(files: readonly string[]): Promise<Ran> {
  const { python } = await tools();
  return ran(join(dirname(python ?? missing()), 'hadolint'), files);
}

function missing(): never {
  throw new Error(
    'what reads deploy/ is not there: run "node tools/deploy/install.mjs" (Go and Python, once)',
  );
}

function ran(command: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): Ran {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    ...{ env, encoding: 'utf8', maxBuffer: 64 << 20 },
  });
  if (error) throw error;
  return { code: status, stdout, stderr };
}

/** Imported by address, because tools/deploy has plain JavaScript that tsc does not copy to dist. */
async function tools(): Promise<{ check: string | null; python: string | null }> {
  const script = pathToFileURL(join(repositoryRoot(), 'tools', 'deploy', 'install.mjs')).href;
  const { cachedDeployTools }: typeof import('../../tools/deploy/install.mjs') = await import(script);
  return cachedDeployTools();
}
