import type { Question } from './vault-question.js';

/** What came back instead of a result. */
export interface VaultAnswer {
  /** HTTP status, or null when there was no answer. */
  readonly status: number | null;
  /** Node's or OpenSSL's code of a network error, such as `ECONNREFUSED`, else empty. */
  readonly networkCode: string;
  /** Vault's error texts or the network error's message, on one line; may be empty. */
  readonly text: string;
}

export interface Verdict {
  readonly code: string;
  /** Reads on after the name of the Vault, such as `is sealed`. */
  readonly did: string;
  readonly nextStep: string;
  readonly transient: boolean;
}

interface Rule {
  readonly applies: (answer: VaultAnswer) => boolean;
  readonly verdict: (question: Question, mount: string) => Verdict;
}

/** The capability that a policy must grant for a method. */
const CAPABILITIES: Readonly<Record<Question['method'], string>> = {
  GET: 'read',
  LIST: 'list',
  POST: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};

/**
 * The first rule that applies decides. Texts come before statuses, because Vault answers 500 for an unknown
 * issuer, for a missing default and for a usage that forbids issuing: nothing that passes by waiting
 * (facts.md 5, measured on 1.21.1).
 */
const RULES: readonly Rule[] = [
  {
    applies: ({ text }) => /requested usage \S+ for issuer/.test(text),
    verdict: () => ({
      code: 'ca.usage-forbids',
      did: 'refused, because the issuer is not allowed to issue,',
      nextStep:
        'Expected for an issuer that is staged or on its way out. If it should issue, give it the usage issuing-certificates.',
      transient: false,
    }),
  },
  {
    applies: ({ text }) => /no default issuer currently configured/.test(text),
    verdict: (_question, mount) => ({
      code: 'ca.no-default-issuer',
      did: 'has no default issuer',
      nextStep: `Set the issuer that clients get certificates from: vault write ${mount}/config/issuers default=<issuer>.`,
      transient: false,
    }),
  },
  {
    applies: ({ text }) => /unable to find (PKI )?issuer for reference/i.test(text),
    verdict: (_question, mount) => ({
      code: 'ca.unknown-issuer',
      did: 'does not know the issuer',
      nextStep: `List what is there with "vault list ${mount}/issuers": the issuer was deleted, or Vault was restored to an earlier state.`,
      transient: false,
    }),
  },
  {
    applies: ({ text }) => /^unknown role: /.test(text),
    verdict: (_question, mount) => ({
      code: 'ca.unknown-role',
      did: 'does not know the role',
      nextStep: `List what is there with "vault list ${mount}/roles", then create the role or correct its name at the issuing CA.`,
      transient: false,
    }),
  },
  {
    applies: ({ status, text }) => status === 503 && /sealed|not( yet)? initialized/i.test(text),
    verdict: () => ({
      code: 'ca.sealed',
      did: 'is sealed',
      nextStep: 'Unseal it (vault operator unseal). A rotation that runs goes on by itself then.',
      transient: true,
    }),
  },
  {
    applies: ({ status }) => status === 403,
    verdict: (question) => ({
      code: 'ca.denied',
      did: 'denied the token',
      nextStep: `Look at the token with "vault token lookup". Expired or revoked: store a new one at the issuing CA. Valid: its policy must grant ${CAPABILITIES[question.method]} on "${question.path}", and the mount must exist.`,
      transient: false,
    }),
  },
  {
    applies: ({ status, text }) => status === 404 || /no handler for route|unsupported path/.test(text),
    verdict: () => ({
      code: 'ca.wrong-mount',
      did: 'has no PKI there',
      nextStep:
        'Find the path of the PKI with "vault secrets list" and correct mount or namespace at the issuing CA. Vault before 1.11 knows only one issuer a mount and cannot be rotated.',
      transient: false,
    }),
  },
  {
    applies: ({ status }) => status === 429,
    verdict: () => ({
      code: 'ca.rate-limited',
      did: 'limits the rate of requests',
      nextStep:
        'A rotation that runs tries again by itself. If it goes on, look at the quotas (vault list sys/quotas/rate-limit).',
      transient: true,
    }),
  },
  {
    applies: ({ networkCode, text }) => isTlsRefusal(networkCode, text),
    verdict: () => ({
      code: 'ca.unreachable',
      did: 'shows a TLS certificate that is not trusted',
      nextStep:
        "Store the PEM of the CA that signed Vault's server certificate at the issuing CA, and check that the certificate is valid for the name in the address. Verification cannot be switched off.",
      transient: false,
    }),
  },
  {
    // 502 and 504 come from a load balancer; a 503 that is not sealed comes from a cluster without a leader.
    applies: ({ status }) => status === null || status === 502 || status === 503 || status === 504,
    verdict: () => ({
      code: 'ca.unreachable',
      did: 'cannot be reached',
      nextStep:
        'Check that Vault runs, that the address is right and that this machine may connect to it. A rotation that runs goes on by itself then.',
      transient: true,
    }),
  },
];

/** For what no rule names. Not transient: somebody has to read Vault's own words. */
const FAILED: Verdict = {
  code: 'ca.failed',
  did: 'refused',
  nextStep: "Read Vault's own words in the detail; its server log or audit log has more.",
  transient: false,
};

/** What an answer means. `mount` appears in the commands that the next step proposes. */
export function verdictOn(answer: VaultAnswer, question: Question, mount: string): Verdict {
  return RULES.find((rule) => rule.applies(answer))?.verdict(question, mount) ?? FAILED;
}

/** OpenSSL's verification codes have no common prefix; `tls.checkServerIdentity` and a plain-text peer have their own. */
function isTlsRefusal(networkCode: string, text: string): boolean {
  return (
    networkCode.startsWith('ERR_TLS_') ||
    networkCode === 'EPROTO' ||
    /CERT|SELF_SIGNED|UNABLE_TO_VERIFY/.test(networkCode) ||
    /redirects to plain http/.test(text)
  );
}
