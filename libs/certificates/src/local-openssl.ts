import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pLimit from 'p-limit';
import type { AskOpenssl, OpensslQuestion } from '#engine';
import { runOpenssl } from './openssl-process.js';

export interface LocalOpensslOptions {
  /** Name or path of the `openssl` binary; `openssl` by default. */
  readonly binary?: string;
  /** Longest time of one verification in milliseconds; 10 s by default, where 11 ms is usual. */
  readonly timeoutMilliseconds?: number;
  /** How many `openssl` processes run at once, the others wait; 4 by default. */
  readonly parallel?: number;
}

/** The `openssl` of this machine. Throws PortError `verifier.unavailable`. */
export function localOpenssl(options: LocalOpensslOptions = {}): AskOpenssl {
  const { binary = 'openssl', timeoutMilliseconds = 10_000, parallel = 4 } = options;
  const limit = pLimit(parallel);
  return (question) =>
    limit(async () => {
      const folder = await mkdtemp(join(tmpdir(), 'windlass-verify-'));
      try {
        return await runOpenssl(binary, await writeQuestion(folder, question), timeoutMilliseconds);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    });
}

/** Writes the files of one question into `folder` (0700 by mkdtemp) and returns the arguments that name them. */
async function writeQuestion(
  folder: string,
  { store, sent, leaf, depth, checkCrls, securityLevel }: OpensslQuestion,
): Promise<string[]> {
  const file = async (name: string, content: string): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, content, { mode: 0o600 });
    return path;
  };
  return [
    ...['verify', '-CAfile', await file('store.pem', store), '-no-CApath', '-no-CAstore'],
    ...['-purpose', 'sslclient', '-auth_level', String(securityLevel), '-nameopt', 'RFC2253'],
    ...['-verify_depth', String(depth)],
    ...(checkCrls ? ['-crl_check', '-crl_check_all'] : []),
    ...(sent === '' ? [] : ['-untrusted', await file('sent.pem', sent)]),
    await file('leaf.pem', leaf),
  ];
}
