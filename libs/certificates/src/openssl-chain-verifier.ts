import { type AskOpenssl, ChainVerifier } from '#engine';
import type { ChainQuestion, ChainVerdict } from '#trust';
import { type LocalOpensslOptions, localOpenssl } from './local-openssl.js';
import { nginxStore } from './nginx-files.js';
import { unusableCurve } from './tls-curves.js';
import { readAnswer } from './verify-answer.js';

/** A certificate block as OpenSSL's PEM reader finds it. */
const CERTIFICATE =
  /^\uFEFF?-----BEGIN (?:X509 )?CERTIFICATE-----[^-]+-----END (?:X509 )?CERTIFICATE-----\s*$/gm;

/**
 * Asks `openssl verify` with the settings that agreed with nginx in every case measured (facts.md 1): nginx
 * verifies with OpenSSL's default parameters for TLS servers (`ngx_ssl_client_certificate`).
 */
export class OpensslChainVerifier extends ChainVerifier {
  constructor(private readonly ask: AskOpenssl) {
    super();
  }

  /** By the OpenSSL of this machine. */
  static local(options: LocalOpensslOptions = {}): OpensslChainVerifier {
    return new OpensslChainVerifier(localOpenssl(options));
  }

  by(ask: AskOpenssl): ChainVerifier {
    return new OpensslChainVerifier(ask);
  }

  async verify(question: ChainQuestion): Promise<ChainVerdict> {
    const [leaf, ...behindLeaf] = certificatesIn(question.leafPem);
    if (leaf === undefined)
      return { verdict: 'refused', cause: 'the client certificate cannot be read', faults: [] };
    const store = nginxStore(question);
    if (store.kind === 'not-loaded') return { verdict: 'refused', cause: store.cause, faults: [] };
    const { depth, crlPem = '', securityLevel = 2 } = question;
    const answer = await this.ask({
      ...{ store: store.pem, leaf, depth, securityLevel, checkCrls: crlPem !== '' },
      // A client whose file holds its chain as well shows all of it.
      sent: [...behindLeaf, ...certificatesIn(question.sentPem)].join('\n'),
    });
    const verdict = readAnswer(answer);
    return verdict.verdict === 'accepted' ? withoutUnusableKey(leaf) : verdict;
  }
}

/** Asked last: OpenSSL has read the certificate by then, so reading it cannot fail. */
function withoutUnusableKey(leaf: string): ChainVerdict {
  const curve = unusableCurve(leaf);
  if (curve === null) return { verdict: 'accepted' };
  const cause = `no client can use a key on the curve ${curve} in TLS`;
  return { verdict: 'refused', cause, faults: [] };
}

/** Certificates only: a key that stands beside one must not reach a disk. */
function certificatesIn(pem: string): string[] {
  return [...pem.replaceAll('\r\n', '\n').matchAll(CERTIFICATE)].map(([block]) => `${block.trim()}\n`);
}
