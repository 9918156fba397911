import type { ChainQuestion } from '#trust';

/** What one nginx would load, as text for `openssl verify -CAfile`, or why `nginx -t` fails. */
export type NginxStore =
  | { readonly kind: 'loaded'; readonly pem: string }
  | { readonly kind: 'not-loaded'; readonly cause: string };

/** From here on nginx reads the files by its own code (ngx_ssl_cache), and before by OpenSSL's lookup. */
const OWN_READER_SINCE = [1, 27, 2];

const CERTIFICATE_START = /^\uFEFF?-----BEGIN (?:X509 )?CERTIFICATE-----\s*$/m;
const ANY_CERTIFICATE_START = /^\uFEFF?-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----\s*$/m;
const CRL_START = /^\uFEFF?-----BEGIN X509 CRL-----\s*$/m;
const ANYTHING_START = new RegExp(`${ANY_CERTIFICATE_START.source}|${CRL_START.source}`, 'm');
const CERTIFICATE_LABEL = /^(\uFEFF?-----(?:BEGIN|END) )(?:X509 |TRUSTED )?CERTIFICATE(-----)/gm;
const CRL_LABEL = /^(\uFEFF?-----(?:BEGIN|END) )X509 CRL(-----)/gm;

/**
 * Everything that nginx puts into its store, in its order. All three files go into one: nginx trusts the
 * certificates of `ssl_trusted_certificate` for clients as well. Each version has its own way with what does not
 * belong into a file; `npm run corpus` holds both against real nginx.
 */
export function nginxStore(question: ChainQuestion): NginxStore {
  return ownReader(question.nginxVersion ?? '1.22.1') ? readByNginx(question) : readByOpenssl(question);
}

function ownReader(version: string): boolean {
  const numbers = version.split(/[^\d]/).map(Number);
  for (const [at, since] of OWN_READER_SINCE.entries()) {
    const number = numbers[at] ?? 0;
    if (number !== since) return number > since;
  }
  return true;
}

/**
 * X509_LOOKUP_load_file takes certificates and CRLs from each file. nginx then reads the bundle a second time for
 * the CA names that it sends, and fails when there is none to send.
 */
function readByOpenssl({ bundlePem, trustedPem, crlPem = '' }: ChainQuestion): NginxStore {
  if (!CERTIFICATE_START.test(bundlePem)) return notLoaded('bundle', 'certificate');
  if (trustedPem !== '' && !holds(trustedPem, ANYTHING_START))
    return notLoaded('trusted file', 'certificate');
  if (crlPem !== '' && !holds(crlPem, ANYTHING_START)) return notLoaded('CRL file', 'CRL');
  return loaded(bundlePem, trustedPem, crlPem);
}

/** Only certificates count in the first two files, those with trust settings as well, and only CRLs in the third. */
function readByNginx({ bundlePem, trustedPem, crlPem = '' }: ChainQuestion): NginxStore {
  if (!holds(bundlePem, ANY_CERTIFICATE_START)) return notLoaded('bundle', 'certificate');
  if (trustedPem !== '' && !holds(trustedPem, ANY_CERTIFICATE_START)) {
    return notLoaded('trusted file', 'certificate');
  }
  if (crlPem !== '' && !holds(crlPem, CRL_START)) return notLoaded('CRL file', 'CRL');
  return loaded(
    passedOver(bundlePem, CRL_LABEL),
    passedOver(trustedPem, CRL_LABEL),
    passedOver(crlPem, CERTIFICATE_LABEL),
  );
}

/** Measured: a NUL before the first block hides all of them. */
function holds(text: string, start: RegExp): boolean {
  return start.test(text.split('\0')[0] ?? '');
}

/** By a label that nobody looks for: a broken block must still be found broken. */
function passedOver(text: string, label: RegExp): string {
  return text.replaceAll(label, '$1PASSED OVER$2');
}

/** A byte order mark counts at the start of a file only. */
function loaded(bundle: string, ...behind: readonly string[]): NginxStore {
  const others = behind.filter((text) => text !== '').map((text) => text.replace(/^\uFEFF/, ''));
  return { kind: 'loaded', pem: [bundle, ...others].join('\n') };
}

function notLoaded(file: string, what: string): NginxStore {
  return { kind: 'not-loaded', cause: `nginx cannot load the ${file}: no ${what} found` };
}
