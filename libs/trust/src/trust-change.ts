import type { BundleCertificate } from './certificate.js';
import type { ChainFault, ChainQuestion } from './chain-verdict.js';
import { parseBundle } from './parse-bundle.js';

/** One change to what nginx has, or to what the client sends. */
export type TrustChange =
  /** `ssl_verify_depth` */
  | { readonly kind: 'raise-depth'; readonly depth: number }
  /** Into `ssl_client_certificate`. */
  | { readonly kind: 'add-to-bundle'; readonly certificate: BundleCertificate }
  /** To the front of `ssl_client_certificate`. */
  | { readonly kind: 'put-first'; readonly certificate: BundleCertificate }
  /** By the client, behind its own certificate. */
  | { readonly kind: 'send'; readonly certificate: BundleCertificate }
  /** By the client, right behind its own certificate. */
  | { readonly kind: 'send-first'; readonly certificate: BundleCertificate }
  /** Into `ssl_crl`. */
  | { readonly kind: 'add-crl'; readonly crlPem: string };

/** What is at hand to mend a chain with, beside what nginx and the client have already. */
export interface KnownMaterial {
  readonly certificates: readonly BundleCertificate[];
  /** PEM, one CRL each. */
  readonly crls: readonly string[];
}

/** Longer chains of CAs than this are not to be met. */
const DEEPEST = 9;
const TOO_LONG = new Set([22]);
const NO_WAY_UP = new Set([2, 7, 18, 19, 20, 21, 27]);
const BY_ITS_CRL = new Set([3, 8, 11, 12]);

export function applyChange(question: ChainQuestion, change: TrustChange): ChainQuestion {
  switch (change.kind) {
    case 'raise-depth':
      return { ...question, depth: change.depth };
    case 'add-to-bundle':
      return { ...question, bundlePem: joined(question.bundlePem, change.certificate.pem) };
    // nginx passes over a repeat, so what is put in front has been moved.
    case 'put-first':
      return { ...question, bundlePem: joined(change.certificate.pem, question.bundlePem) };
    case 'send':
      return { ...question, sentPem: joined(question.sentPem, change.certificate.pem) };
    case 'send-first':
      return { ...question, sentPem: joined(change.certificate.pem, question.sentPem) };
    case 'add-crl':
      return { ...question, crlPem: joined(question.crlPem ?? '', change.crlPem) };
  }
}

function joined(first: string, second: string): string {
  return first === '' || first.endsWith('\n') ? first + second : `${first}\n${second}`;
}

/** What may mend a chain with these faults, the smallest change first. Whether it does, the verifier says. */
export function candidateChanges(
  question: ChainQuestion,
  faults: readonly ChainFault[],
  known: KnownMaterial,
): readonly TrustChange[] {
  return [
    ...(isTooLong(faults) ? deeper(question) : []),
    ...(oneOf(BY_ITS_CRL, faults) ? known.crls.map((crlPem) => ({ kind: 'add-crl', crlPem }) as const) : []),
    ...(oneOf(NO_WAY_UP, faults) || isTooLong(faults) ? otherWaysUp(question, known) : []),
  ];
}

/** The chain has more certificates than `ssl_verify_depth` allows. */
export function isTooLong(faults: readonly ChainFault[]): boolean {
  return oneOf(TOO_LONG, faults);
}

function oneOf(codes: ReadonlySet<number>, faults: readonly ChainFault[]): boolean {
  return faults.some(({ code }) => codes.has(code));
}

function deeper({ depth }: ChainQuestion): readonly TrustChange[] {
  const depths = Array.from({ length: Math.max(0, DEEPEST - depth) }, (_, more) => depth + 1 + more);
  return depths.map((each) => ({ kind: 'raise-depth', depth: each }));
}

/** To change an order costs less than to add something; to let one client send more, less than to trust more. */
function otherWaysUp(question: ChainQuestion, known: KnownMaterial): readonly TrustChange[] {
  const inBundle = parseBundle(question.bundlePem).certificates;
  const sent = parseBundle(question.sentPem).certificates;
  const has = (all: readonly BundleCertificate[], { fingerprint }: BundleCertificate) =>
    all.some((one) => one.fingerprint === fingerprint);
  const authorities = known.certificates.filter(({ isCa }) => isCa);
  const change = (kind: 'put-first' | 'send-first' | 'send' | 'add-to-bundle') => {
    return (certificate: BundleCertificate): TrustChange => ({ kind, certificate });
  };
  return [
    ...inBundle.slice(1).map(change('put-first')),
    ...sent.slice(1).map(change('send-first')),
    ...authorities.filter((one) => !one.selfSigned && !has(sent, one)).map(change('send')),
    ...authorities.filter((one) => one.selfSigned && !has(inBundle, one)).map(change('add-to-bundle')),
    ...authorities.filter((one) => !one.selfSigned && !has(inBundle, one)).map(change('add-to-bundle')),
    // nginx takes a client that is an anchor itself.
    ...parseBundle(question.leafPem)
      .certificates.slice(0, 1)
      .filter((leaf) => leaf.selfSigned && !has(inBundle, leaf))
      .map(change('add-to-bundle')),
  ];
}

/** The change as a step that somebody can take. */
export function describeChange(change: TrustChange): string {
  switch (change.kind) {
    case 'raise-depth':
      return `set ssl_verify_depth to ${change.depth}`;
    case 'add-to-bundle':
      return `add ${change.certificate.subject} to the bundle`;
    case 'put-first':
      return `move ${change.certificate.subject} to the front of the bundle`;
    case 'send':
      return `let the client send ${change.certificate.subject}`;
    case 'send-first':
      return `let the client send ${change.certificate.subject} right behind its own certificate`;
    case 'add-crl':
      return 'add the current CRL to the file of ssl_crl';
  }
}
