import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { OpensslChainVerifier } from '#certificates';
import { makeCa } from '#kit';
import type { ChainQuestion } from '#trust';

const DAY = 86_400_000;
const DEPTH = 1;

/** Clients to judge, and the bundles to judge them by: what serves today, both, and what comes. */
export interface VerdictCase {
  readonly questions: readonly ChainQuestion[];
  /** `openssl verify` of each, with its files on the disk already. */
  readonly commands: readonly (readonly string[])[];
  remove(): void;
}

/**
 * A fleet's samples before a rotation: of every ten clients six are of the old CA, two of the new one, one is of nobody
 * known, and one has expired.
 */
export async function verdictCase(clients: number): Promise<VerdictCase> {
  const [old, next, other] = await Promise.all(
    ['old', 'new', 'other'].map((name) => makeCa({ commonName: `bench ${name} CA` })),
  );
  if (!old || !next || !other) throw new Error('three CAs were asked for');
  const issuers = [old, old, next, old, old, other, old, next, old];
  const leaves = await Promise.all(
    Array.from({ length: clients }, (_, index) =>
      (issuers[index % 10] ?? old).issueClient({
        commonName: `client ${index}`,
        notBefore: Date.now() - 2 * DAY,
        notAfter: Date.now() + (index % 10 === 9 ? -DAY : 30 * DAY),
      }),
    ),
  );
  const bundles = [old.certificatePem, old.certificatePem + next.certificatePem, next.certificatePem];
  const folder = mkdtempSync(path.join(tmpdir(), 'windlass-verdicts-'));
  const file = (name: string, text: string) => {
    writeFileSync(path.join(folder, name), text);
    return path.join(folder, name);
  };
  const stores = bundles.map((pem, index) => file(`bundle-${index}.pem`, pem));
  const files = leaves.map(({ certificatePem }, index) => file(`client-${index}.pem`, certificatePem));
  return {
    questions: bundles.flatMap((bundlePem) =>
      leaves.map(({ certificatePem: leafPem }) => ({
        ...{ bundlePem, trustedPem: '', depth: DEPTH, leafPem, sentPem: '' },
      })),
    ),
    commands: stores.flatMap((store) => files.map((leaf) => commandOf(store, leaf))),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function commandOf(store: string, leaf: string): string[] {
  return [
    ...['verify', '-CAfile', store, '-no-CApath', '-no-CAstore', '-purpose', 'sslclient'],
    ...['-auth_level', '2', '-verify_depth', String(DEPTH), leaf],
  ];
}

/** What a script does: one process for each check, so many at once. True for each that is accepted. */
export async function bySpawning({ commands }: VerdictCase, atOnce: number): Promise<readonly boolean[]> {
  const verdicts: boolean[] = [];
  let next = 0;
  const work = async () => {
    for (let index = next++; index < commands.length; index = next++) {
      verdicts[index] = await isAccepted(commands[index] ?? []);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return verdicts;
}

function isAccepted(args: readonly string[]): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const child = spawn('openssl', args, { stdio: 'ignore' });
    child.on('error', reject);
    child.on('close', (code) => resolve(code === 0));
  });
}

/** As the preflight asks: everything at once, of a verifier that knows nothing yet. */
export async function byWindlass({ questions }: VerdictCase): Promise<readonly boolean[]> {
  const verifier = OpensslChainVerifier.local();
  const verdicts = await Promise.all(questions.map((question) => verifier.verify(question)));
  return verdicts.map(({ verdict }) => verdict === 'accepted');
}
