import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { repositoryRoot } from '../kit/repository-root.js';
import type { RunningApi } from './running-api.js';

/** The program itself, as it is built. */
export const WINDLASS = path.join(repositoryRoot(), 'dist/apps/cli/src/main.js');

export interface Said {
  readonly code: number | null;
  readonly out: string;
  readonly wrong: string;
}

type Program = ChildProcess & { readonly stdout: Readable; readonly stderr: Readable };
type Environment = Readonly<Record<string, string>>;

/** The environment that leads to an API, and no more of ours. */
export function environmentOf({ url, adminKey }: Pick<RunningApi, 'url' | 'adminKey'>): Environment {
  return {
    PATH: process.env.PATH ?? '',
    HOME: '/nonexistent',
    WINDLASS_SERVER: url,
    WINDLASS_API_KEY: adminKey,
  };
}

/** A program with its output in pipes, and nothing or `input` to read. */
export function run([command = '', ...args]: readonly string[], env: Environment, input = ''): Program {
  const program = spawn(command, args, { env, stdio: ['pipe', 'pipe', 'pipe'] });
  program.stdin.end(input);
  return program;
}

export function said(program: Program): Promise<Said> {
  let [out, wrong] = ['', ''];
  program.stdout.on('data', (text) => {
    out += text;
  });
  program.stderr.on('data', (text) => {
    wrong += text;
  });
  return new Promise((resolve) => program.once('close', (code) => resolve({ code, out, wrong })));
}

/** Calls `windlass` with words, in pipes, and waits for its end. */
export function windlass(args: readonly string[], env: Environment, input = ''): Promise<Said> {
  return said(run([process.execPath, WINDLASS, ...args], env, input));
}
