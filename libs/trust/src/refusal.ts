import type { ChainFault } from './chain-verdict.js';

/** Why a client is refused, in words for people who do not know OpenSSL, and what would mend it. */
export interface RefusalReason {
  readonly what: string;
  readonly nextStep: string;
}

type Reason = (who: string) => RefusalReason;

const NO_WAY_UP: Reason = (who) => ({
  what: `nobody has the certificate that signed ${who}: neither bundle nor client`,
  nextStep:
    'put the root of this CA into the bundle, or let the client send the intermediate that is missing',
});
const UNTRUSTED_ROOT: Reason = (who) => ({
  what: `${who} signed itself and is not in the bundle`,
  nextStep: 'put it into the bundle, if its clients are to be let in',
});
const WEAK_KEY: Reason = (who) => ({
  what: `${who} has a key below the security level of nginx (2: RSA of 2048 bits, curves of 224)`,
  nextStep: 'have it issued again with a stronger key',
});
const WRONG_NAMES: Reason = (who) => ({
  what: `${who} has a name that a CA above it must not issue for (name constraints)`,
  nextStep: 'issue the client certificate from a CA that may issue for this name',
});
const REISSUE_CA =
  'have this CA certificate issued again with basicConstraints CA:true and keyUsage keyCertSign';

/** By X509_V_ERR_* (OpenSSL, x509_vfy.h). */
const REASONS: Readonly<Record<number, Reason>> = {
  2: NO_WAY_UP,
  20: NO_WAY_UP,
  21: NO_WAY_UP,
  27: NO_WAY_UP,
  18: UNTRUSTED_ROOT,
  19: UNTRUSTED_ROOT,
  3: (who) => ({
    what: `ssl_crl is set, and it holds no CRL of the CA that signed ${who}`,
    nextStep:
      'add the current CRL of that CA to the file of ssl_crl: every CA of a chain needs one, the root too',
  }),
  7: (who) => ({
    what: `the signature on ${who} is not by the CA of that name in the bundle`,
    nextStep:
      'look for a second CA with the same name: the first one in the file is taken when they have no key identifiers',
  }),
  8: (who) => ({
    what: `the CRL for ${who} is signed by another key than that of its CA`,
    nextStep: 'fetch the CRL again from the CA that is in the bundle: one of the same name made this one',
  }),
  9: (who) => ({
    what: `${who} is not valid yet`,
    nextStep: 'wait until it is, or set the clock of the host or of the CA right',
  }),
  10: (who) => ({ what: `${who} has expired`, nextStep: 'have it issued again' }),
  11: (who) => ({
    what: `the CRL for ${who} is not valid yet`,
    nextStep: 'set the clock of the host or of the CA right, or wait',
  }),
  12: (who) => ({
    what: `the CRL for ${who} is stale: its nextUpdate has passed`,
    nextStep:
      'fetch the current CRL of that CA into the file of ssl_crl, and see to it that this happens by itself',
  }),
  22: (who) => ({
    what: `the chain is longer than ssl_verify_depth allows; it was given up at ${who}`,
    nextStep: 'raise ssl_verify_depth to the number of intermediates between client and root',
  }),
  23: (who) => ({
    what: `${who} has been revoked`,
    nextStep: 'issue a new one, if its holder is to be let in',
  }),
  24: (who) => ({ what: `${who} is no CA`, nextStep: REISSUE_CA }),
  25: (who) => ({
    what: `${who} has more CAs below it than its pathlen allows`,
    nextStep: 'issue the client from a higher CA, or have this CA issued again with a longer pathlen',
  }),
  26: (who) => ({
    what: `${who} must not be used for clients (its extendedKeyUsage or keyUsage says so)`,
    nextStep: 'have it issued again with extendedKeyUsage clientAuth and keyUsage digitalSignature',
  }),
  32: (who) => ({ what: `${who} must not sign certificates (keyUsage)`, nextStep: REISSUE_CA }),
  35: (who) => ({
    what: `the CA that signed ${who} must not sign CRLs (keyUsage)`,
    nextStep: 'have this CA certificate issued again with keyUsage cRLSign, or take ssl_crl out',
  }),
  47: WRONG_NAMES,
  48: WRONG_NAMES,
  66: WEAK_KEY,
  67: WEAK_KEY,
  68: (who) => ({
    what: `${who} is signed with a hash below the security level of nginx, such as SHA-1`,
    nextStep: 'have it issued again with SHA-256 or better',
  }),
  79: (who) => ({ what: `${who} is no CA`, nextStep: REISSUE_CA }),
};

/** Every fault has words: a code that is in no table keeps its number, by which OpenSSL documents it. */
export function explainFault(fault: ChainFault): RefusalReason {
  const reason = REASONS[fault.code];
  if (reason !== undefined) return reason(whoIs(fault));
  return {
    what: `OpenSSL refuses ${whoIs(fault)} with error ${fault.code}`,
    nextStep: `look up X509_V_ERR number ${fault.code} in the manual of OpenSSL's verification options`,
  };
}

function whoIs({ depth, subject }: ChainFault): string {
  const name = subject === '' ? '' : ` ${subject}`;
  return depth === 0 ? `the client certificate${name}` : `the CA certificate${name}`;
}
