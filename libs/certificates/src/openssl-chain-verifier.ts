import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ChainQuestion, type ChainVerdict, ChainVerifier } from '#engine';
import { runOpenssl } from './openssl-process.js';
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
const CERTIFICATE_START = /^\uFEFF?-----BEGIN (?:X509 )?CERTIFICATE-----\s*$/m;

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
    const leaf = certificatesIn(question.leafPem)[0];
    if (leaf === undefined) return { verdict: 'refused', cause: 'the client certificate cannot be read' };
    // nginx reads the file a second time for the CA names it sends, and fails when there is none to send.
    if (!CERTIFICATE_START.test(question.bundlePem)) {
      return { verdict: 'refused', cause: 'nginx cannot load the bundle: no certificate found' };
    }
    return this.#turnstile.run(() => this.#ask(question, leaf));
  }

  async #ask(question: ChainQuestion, leaf: string): Promise<ChainVerdict> {
    const folder = await mkdtemp(join(tmpdir(), 'windlass-verify-'));
    try {
      const args = await writeQuestion(folder, question, leaf);
      return readAnswer(await runOpenssl(this.#binary, args, this.#timeout));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
}

/** Writes the files of one question into `folder` (0700 by mkdtemp) and returns the arguments that name them. */
async function writeQuestion(folder: string, question: ChainQuestion, leaf: string): Promise<string[]> {
  const file = async (name: string, content: string): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, content, { mode: 0o600 });
    return path;
  };
  // nginx loads ssl_trusted_certificate into the same store, after the bundle: it trusts both.
  const trusted =
    question.trustedPem === '' ? question.bundlePem : `${question.bundlePem}\n${question.trustedPem}`;
  const sent = certificatesIn(question.sentPem);
  return [
    ...['verify', '-CAfile', await file('bundle.pem', trusted), '-no-CApath', '-no-CAstore'],
    ...['-purpose', 'sslclient', '-auth_level', '2', '-verify_depth', String(question.depth)],
    ...(sent.length === 0 ? [] : ['-untrusted', await file('sent.pem', sent.join('\n'))]),
    await file('leaf.pem', leaf),
  ];
}

/** Certificates only: a key that stands beside one must not reach the disk. */
function certificatesIn(pem: string): string[] {
  return [...pem.replaceAll('\r\n', '\n').matchAll(CERTIFICATE)].map(([block]) => `${block.trim()}\n`);
}
