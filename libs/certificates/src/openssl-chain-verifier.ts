import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ChainQuestion, type ChainVerdict, ChainVerifier } from '#engine';
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
const CERTIFICATE_START = /^\uFEFF?-----BEGIN (?:X509 )?CERTIFICATE-----\s*$/m;
/**
 * What nginx may load from `ssl_trusted_certificate` and, by the same call (X509_LOOKUP_load_file), from `ssl_crl`;
 * a file without any of it fails `nginx -t`.
 */
const LOADABLE_START = /^\uFEFF?-----BEGIN (?:(?:X509 |TRUSTED )?CERTIFICATE|X509 CRL)-----\s*$/m;

/** Measured: a NUL before the first block hides all of them. */
function isLoadable(text: string): boolean {
  return text === '' || LOADABLE_START.test(text.split('\0')[0] ?? '');
}

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
    if (leaf === undefined) return { verdict: 'refused', cause: 'the client certificate cannot be read' };
    // nginx reads the file a second time for the CA names it sends, and fails when there is none to send.
    if (!CERTIFICATE_START.test(question.bundlePem)) {
      return { verdict: 'refused', cause: 'nginx cannot load the bundle: no certificate found' };
    }
    if (!isLoadable(question.trustedPem)) {
      return { verdict: 'refused', cause: 'nginx cannot load the trusted file: no certificate found' };
    }
    if (!isLoadable(question.crlPem ?? '')) {
      return { verdict: 'refused', cause: 'nginx cannot load the CRL file: no CRL found' };
    }
    // A client whose file holds its chain as well shows all of it.
    const sent = [...behindLeaf, ...certificatesIn(question.sentPem)];
    return this.#turnstile.run(() => this.#ask(question, leaf, sent));
  }

  async #ask(question: ChainQuestion, leaf: string, sent: readonly string[]): Promise<ChainVerdict> {
    const folder = await mkdtemp(join(tmpdir(), 'windlass-verify-'));
    try {
      const args = await writeQuestion(folder, question, leaf, sent);
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
  return { verdict: 'refused', cause: `no client can use a key on the curve ${curve} in TLS` };
}

/** Writes the files of one question into `folder` (0700 by mkdtemp) and returns the arguments that name them. */
async function writeQuestion(
  folder: string,
  { bundlePem, trustedPem, depth, crlPem = '', securityLevel = 2 }: ChainQuestion,
  leaf: string,
  sent: readonly string[],
): Promise<string[]> {
  const file = async (name: string, content: string): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, content, { mode: 0o600 });
    return path;
  };
  // nginx loads all three into one store: it trusts every certificate of each, and takes CRLs from each.
  // A byte order mark counts at the start of a file only.
  const behind = [trustedPem, crlPem]
    .filter((text) => text !== '')
    .map((text) => text.replace(/^\uFEFF/, ''));
  const store = [bundlePem, ...behind].join('\n');
  return [
    ...['verify', '-CAfile', await file('bundle.pem', store), '-no-CApath', '-no-CAstore'],
    ...['-purpose', 'sslclient', '-auth_level', String(securityLevel)],
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
