/** What a linter of certificates found, in the words of libs/trust. */
export interface TrustProblem {
  /** Such as `anchor.leaf` or `crl.missing`. */
  readonly code: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly nextStep: string;
}

/** One certificate of a bundle, as far as the rules look at it. */
export interface TrustCertificate {
  readonly subject: string;
  readonly issuer: string;
  readonly fingerprint: string;
  readonly isCa: boolean;
}

/** A file of PEM certificates that a configuration names. */
export interface TrustBundle {
  readonly certificates: readonly TrustCertificate[];
  readonly problems: readonly TrustProblem[];
}

/**
 * The files that a configuration names, read and linted by whoever calls: rules do no I/O and know no clock. Null
 * where a file is not at hand; rules that need it then say nothing.
 */
export interface TrustFiles {
  bundle(path: string): TrustBundle | null;
  /** What speaks against this `ssl_crl` beside this bundle (the text of both trust files put together). */
  crlProblems(path: string, bundles: readonly string[]): readonly TrustProblem[] | null;
}

/** For a configuration that came without its files. */
export const NO_TRUST_FILES: TrustFiles = { bundle: () => null, crlProblems: () => null };

/**
 * Intermediates between the deepest CA of these certificates and a root among them: what `ssl_verify_depth` must
 * be at least for the clients of that CA. Names that go in circles end the count.
 */
export function intermediatesIn(certificates: readonly TrustCertificate[]): number {
  const issuers = new Map(
    certificates.filter(({ isCa }) => isCa).map(({ subject, issuer }) => [subject, issuer]),
  );
  const depths = [...issuers.keys()].map((subject) => {
    let hops = 0;
    for (let name = subject; hops < issuers.size && issuers.get(name) !== name; hops += 1) {
      const next = issuers.get(name);
      if (next === undefined) return 0;
      name = next;
    }
    return hops;
  });
  return Math.max(0, ...depths.filter((hops) => hops < issuers.size));
}
