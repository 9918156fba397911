import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { announced, stopped } from './announced-process.js';
import { repositoryRoot } from './repository-root.js';

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
  const ready = await announced<Pick<TestAws, 'address' | 'version'>>(child, 'moto');
  return { ...ready, stop: () => stopped(child) };
}
