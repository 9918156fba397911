import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** An AWS in memory for one test file. Not AWS: test/conformance/moto-gaps.test.ts says in what. */
export interface TestAws {
  /** Such as `http://127.0.0.1:40123`. */
  readonly address: string;
  /** Of moto, such as `5.2.5`. */
  readonly version: string;
  /** Ends the process; everything in it is gone. */
  stop(): Promise<void>;
}

/**
 * Starts moto on a free port of loopback, in some 2 s. It dies with this process, however that ends. Rejects when it
 * is not installed: a test without it must fail and never be skipped. `plain`: without our correction of it, which
 * tools/moto/server.py tells.
 */
export async function startMoto({ plain = false } = {}): Promise<TestAws> {
  const tools = join(repositoryRoot(), 'tools', 'moto');
  // Imported by address, because tools/moto is plain JavaScript that tsc does not copy to dist.
  const script = pathToFileURL(join(tools, 'install.mjs')).href;
  const { cachedMotoPython }: typeof import('../../tools/moto/install.mjs') = await import(script);
  const python = cachedMotoPython();
  if (python === null) {
    throw new Error('the test AWS is not installed: run "node tools/moto/install.mjs" (some 140 MB, once)');
  }
  const child = spawn(python, [join(tools, 'server.py'), ...(plain ? ['--plain'] : [])], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { PATH: process.env.PATH },
  });
  return { ...(await readiness(child)), stop: () => stop(child) };
}

/** This file runs as source and, compiled, from dist. */
function repositoryRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
}

async function readiness(child: ChildProcess): Promise<{ address: string; version: string }> {
  if (child.stdout === null) throw new Error('moto was started without a stdout to read');
  const lines = createInterface({ input: child.stdout });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`moto ended with code ${code} before it was ready`);
  });
  const [line] = await Promise.race([once(lines, 'line'), ended]);
  // From here on an end is expected: nobody waits for this promise any more.
  ended.catch(() => {});
  return JSON.parse(String(line));
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
}
