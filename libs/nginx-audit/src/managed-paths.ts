import type { TrustContext } from './trust-context.js';

/** What the audit found, in the shape of the engine's `Problem` plus severity and place. */
export interface AuditFinding {
  /** Stable and dotted, such as `nginx.path-unused`. */
  readonly code: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly nextStep: string;
  /** Null when it is not about one place. */
  readonly file: string | null;
  readonly line: number | null;
}

/**
 * Does switching the files at `managedPaths` (absolute, as the configuration names them) change who gets in, and
 * is there anything else that decides it? With the revocation `crl` the managed files hold the CRLs as well. Errors: the
 * rotation would change nothing, or could not be predicted.
 */
export function checkManagedPaths(
  contexts: readonly TrustContext[],
  managedPaths: readonly string[],
  revocation: 'none' | 'crl' = 'none',
): AuditFinding[] {
  const used = new Set(revocation === 'crl' ? contexts.map(({ crl }) => crl) : []);
  return [
    // A second managed path has the same content, and may stand in ssl_crl alone.
    ...managedPaths.filter((path) => !used.has(path)).flatMap((path) => pathFindings(contexts, path)),
    ...contexts
      .filter(
        (context) => context.clientCertificate !== null && managedPaths.includes(context.clientCertificate),
      )
      .flatMap((context) => [...contextFindings(context), ...crl(context, managedPaths, revocation)]),
  ];
}

function pathFindings(contexts: readonly TrustContext[], path: string): AuditFinding[] {
  const users = contexts.filter((context) => context.clientCertificate === path);
  if (users.length === 0) {
    const elsewhere = contexts.find((context) => context.trustedCertificate === path);
    const hint =
      elsewhere === undefined ? '' : ` (${place(elsewhere)} names it in ssl_trusted_certificate only)`;
    return [
      error(
        'nginx.path-unused',
        `no ssl_client_certificate names ${path}${hint}: switching it would change nothing`,
        'name the file that ssl_client_certificate names, or add the directive to the server',
      ),
    ];
  }
  if (users.every((context) => context.verifyClient === 'off')) {
    return [
      error(
        'nginx.path-not-loaded',
        `${path} is named, and no server that names it has ssl_verify_client on: nginx never loads it`,
        'set ssl_verify_client on; in the servers that should ask for client certificates',
      ),
    ];
  }
  return [];
}

function contextFindings(context: TrustContext): AuditFinding[] {
  return [...verifyFindings(context), ...widening(context)];
}

const WEAK_VERIFY: Readonly<Record<'off' | 'optional' | 'optional_no_ca', string>> = {
  off: 'it lets everybody in and never loads the bundle',
  optional: 'it lets clients without a certificate through to the application',
  optional_no_ca: 'it lets clients of unknown CAs through to the application',
};

function verifyFindings(context: TrustContext): AuditFinding[] {
  if (context.verifyClient === 'on') return [];
  return [
    {
      code: `nginx.verify-${context.verifyClient.replaceAll('_', '-')}`,
      severity: 'warning',
      message: `the server at ${place(context)} has ssl_verify_client ${context.verifyClient}: ${WEAK_VERIFY[context.verifyClient]}`,
      nextStep: 'set ssl_verify_client on; or make sure that the application checks $ssl_client_verify',
      file: context.file,
      line: context.line,
    },
  ];
}

/** Measured: a CA left in ssl_trusted_certificate is still trusted for clients after it left the bundle. */
function widening(context: TrustContext): AuditFinding[] {
  if (context.trustedCertificate === null || context.trustedCertificate === context.clientCertificate)
    return [];
  return [
    {
      code: 'nginx.trusted-file-widens',
      severity: 'warning',
      message: `the server at ${place(context)} also trusts clients of every CA in ssl_trusted_certificate ${context.trustedCertificate}`,
      nextStep:
        'keep only the CAs of OCSP responders there; dropping a client CA from the bundle does not drop it there',
      file: context.file,
      line: context.line,
    },
  ];
}

/** Measured: with ssl_crl set, all clients of a CA without a CRL in that file are refused; without it none is. */
function crl(
  context: TrustContext,
  managedPaths: readonly string[],
  revocation: 'none' | 'crl',
): AuditFinding[] {
  const at = { severity: 'error', file: context.file, line: context.line } as const;
  const server = `the server at ${place(context)}`;
  const directive = `ssl_crl ${context.clientCertificate};`;
  if (revocation === 'none') {
    if (context.crl === null) return [];
    return [
      {
        ...{ ...at, code: 'nginx.crl-not-managed' },
        message: `${server} has ssl_crl ${context.crl}: without a CRL of the new CA in it every new client would be refused`,
        nextStep:
          'take ssl_crl out, or record the fleet with revocation "crl", so that its generations hold the CRLs (docs/crls.md)',
      },
    ];
  }
  if (context.crl === null) {
    return [
      {
        ...{ ...at, code: 'nginx.no-crl' },
        message: `${server} has no ssl_crl, and the fleet checks revocation: nobody who was revoked would be refused there`,
        nextStep: `write ${directive} into it: the managed file holds the CRLs`,
      },
    ];
  }
  if (managedPaths.includes(context.crl)) return [];
  return [
    {
      ...{ ...at, code: 'nginx.crl-not-managed' },
      message: `${server} has ssl_crl ${context.crl}, which is no managed path: its CRLs would not be those of the generation`,
      nextStep: `write ${directive} in its place: the managed file holds the CRLs`,
    },
  ];
}

function error(code: string, message: string, nextStep: string): AuditFinding {
  return { code, severity: 'error', message, nextStep, file: null, line: null };
}

function place(context: TrustContext): string {
  return `${context.file}:${context.line}`;
}
