import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ChainVerifier } from '#engine';
import type { ChainQuestion, ChainVerdict } from '#trust';
import { nginxStore } from './nginx-files.js';
import { runOpenssl } from './openssl-process.js';
import { unusableCurve } from './tls-curves.js';
import { Turnstile } from './turnstile.js';
import { readAnswer } from './verify-answer.js';

export interface OpensslChainVerifierOptions {
  /** Name or path of the `openssl` binary; `openssl` by default. */
  readonly binary?: string;
  /** Longest time of one verification in milliseconds; 10 s by default, where 11 ms is usual. */
  readonly timeoutMilliseconds?: number;
  /** How many `openssl` processes run at once, the others wait; 4 by default. */
  readonly parallel?: number;
}

/** A certificate block as OpenSSL's PEM reader finds it. */
const CERTIFICATE =
  /^\uFEFF?-----BEGIN (?:X509 )?CERTIFICATE-----[^-]+-----END (?:X509 )?CERTIFICATE-----\s*$/gm;

/**
 * Asks `openssl verify` with the settings that agreed with nginx in every case measured (facts.md 1): nginx
 * verifies with OpenSSL's default parameters for TLS servers (`ngx_ssl_client_certificate`).
 */
export class OpensslChainVerifier extends ChainVerifier {
  readonly #binary: string;
  readonly #timeout: number;
  readonly #turnstile: Turnstile;

  constructor(options: OpensslChainVerifierOptions = {}) {
    super();
    this.#binary = options.binary ?? 'openssl';
    this.#timeout = options.timeoutMilliseconds ?? 10_000;
    this.#turnstile = new Turnstile(options.parallel ?? 4);
  }

  async verify(question: ChainQuestion): Promise<ChainVerdict> {
    const [leaf, ...behindLeaf] = certificatesIn(question.leafPem);
    if (leaf === undefined)
      return { verdict: 'refused', cause: 'the client certificate cannot be read', faults: [] };
    const store = nginxStore(question);
    if (store.kind === 'not-loaded') return { verdict: 'refused', cause: store.cause, faults: [] };
    // A client whose file holds its chain as well shows all of it.
    const sent = [...behindLeaf, ...certificatesIn(question.sentPem)];
    return this.#turnstile.run(() => this.#ask(question, store.pem, leaf, sent));
  }

  async #ask(
    question: ChainQuestion,
    store: string,
    leaf: string,
    sent: readonly string[],
  ): Promise<ChainVerdict> {
    const folder = await mkdtemp(join(tmpdir(), 'windlass-verify-'));
    try {
      const args = await writeQuestion(folder, question, store, leaf, sent);
      const verdict = readAnswer(await runOpenssl(this.#binary, args, this.#timeout));
      return verdict.verdict === 'accepted' ? withoutUnusableKey(leaf) : verdict;
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
}

/** Asked last: OpenSSL has read the certificate by then, so reading it cannot fail. */
function withoutUnusableKey(leaf: string): ChainVerdict {
  const curve = unusableCurve(leaf);
  if (curve === null) return { verdict: 'accepted' };
  const cause = `no client can use a key on the curve ${curve} in TLS`;
  return { verdict: 'refused', cause, faults: [] };
}

/** Writes the files of one question into `folder` (0700 by mkdtemp) and returns the arguments that name them. */
async function writeQuestion(
  folder: string,
  { depth, crlPem = '', securityLevel = 2 }: ChainQuestion,
  store: string,
  leaf: string,
  sent: readonly string[],
): Promise<string[]> {
  const file = async (name: string, content: string): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, content, { mode: 0o600 });
    return path;
  };
  return [
    ...['verify', '-CAfile', await file('bundle.pem', store), '-no-CApath', '-no-CAstore'],
    ...['-purpose', 'sslclient', '-auth_level', String(securityLevel), '-nameopt', 'RFC2253'],
    ...['-verify_depth', String(depth)],
    ...(crlPem === '' ? [] : ['-crl_check', '-crl_check_all']),
    ...(sent.length === 0 ? [] : ['-untrusted', await file('sent.pem', sent.join('\n'))]),
    await file('leaf.pem', leaf),
  ];
}

/** Certificates only: a key that stands beside one must not reach the disk. */
function certificatesIn(pem: string): string[] {
  return [...pem.replaceAll('\r\n', '\n').matchAll(CERTIFICATE)].map(([block]) => `${block.trim()}\n`);
}
