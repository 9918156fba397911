import type { TrustBundle, TrustFiles } from '#nginx-audit';
import { lintBundle, lintCrls, parseBundle } from '#trust';

/** Reads and lints the bundles and CRLs that a configuration names. `text` gives null for what cannot be read. */
export function certificateFiles(text: (file: string) => string | null, now: number): TrustFiles {
  const bundles = new Map<string, TrustBundle | null>();
  return {
    bundle: (file) => {
      const known = bundles.get(file);
      if (known !== undefined) return known;
      const pem = text(file);
      const bundle = pem === null ? null : linted(pem, now);
      bundles.set(file, bundle);
      return bundle;
    },
    crlProblems: (file, files) => {
      const crl = text(file);
      const pems = files.map(text);
      if (crl === null || pems.includes(null)) return null;
      return lintCrls(crl, parseBundle(pems.join('\n')), now);
    },
  };
}

function linted(pem: string, now: number): TrustBundle {
  const bundle = parseBundle(pem);
  const certificates = bundle.certificates.map(({ subject, issuer, fingerprint, isCa }) => ({
    ...{ subject, issuer, fingerprint, isCa },
  }));
  return { certificates, problems: lintBundle(bundle, now) };
}
