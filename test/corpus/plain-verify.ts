import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ClientChain } from '../conformance/client-chains.js';

/** What people run before they roll a bundle out: `openssl verify -CAfile BUNDLE [-untrusted SENT] CLIENT`. */
export async function plainVerdict(chain: ClientChain): Promise<'accepted' | 'refused'> {
  const folder = await mkdtemp(path.join(tmpdir(), 'windlass-plain-'));
  try {
    const file = async (name: string, content: string) => {
      await writeFile(path.join(folder, name), content);
      return path.join(folder, name);
    };
    const sent = chain.sentPem ?? '';
    return await run([
      ...['verify', '-CAfile', await file('bundle', chain.bundlePem)],
      ...(sent === '' ? [] : ['-untrusted', await file('sent', sent)]),
      await file('client', chain.client.certificatePem),
    ]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function run(args: readonly string[]): Promise<'accepted' | 'refused'> {
  return new Promise((resolve) => {
    execFile('openssl', [...args], (error) => resolve(error === null ? 'accepted' : 'refused'));
  });
}
