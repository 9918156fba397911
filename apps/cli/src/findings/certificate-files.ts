import type { TrustBundle, TrustFiles, TrustProblem } from '#nginx-audit';
import { lintBundle, lintCrls, parseBundle } from '#trust';

/** Reads and lints the bundles and CRLs that a configuration names. `text` gives null for what cannot be read. */
export function certificateFiles(text: (file: string) => string | null, now: number): TrustFiles {
  const bundles = new Map<string, TrustBundle | null>();
  const crls = new Map<string, readonly TrustProblem[] | null>();
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
      const key = JSON.stringify([file, files]);
      const known = crls.get(key);
      if (known !== undefined) return known;
      const [crl, ...pems] = [file, ...files].map(text);
      const isWhole = typeof crl === 'string' && !pems.includes(null);
      const problems = isWhole ? lintCrls(crl, parseBundle(pems.join('\n')), now) : null;
      crls.set(key, problems);
      return problems;
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
