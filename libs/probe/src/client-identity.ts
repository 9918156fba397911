import { constants } from 'node:crypto';
import { createSecureContext, type SecureContext, type SecureContextOptions } from 'node:tls';
import { PortError, type ProbeIdentity, type SessionKind } from '#engine';

/** Node's own defaults, at a level where any certificate may be shown: to judge it is the server's business. */
const SHOW_ANYTHING = 'DEFAULT@SECLEVEL=0';

/** An identity is parsed once for all that it is shown to; no session is kept here, so that none is resumed unasked. */
const contexts = new WeakMap<object, Map<SessionKind | 'any', SecureContext>>();
/** Stands for whoever shows no certificate. */
const NOBODY = {};

/**
 * What the client shows, and the TLS version and kind of session that it insists on. Throws PortError `probe.identity-unusable` when
 * certificate and key cannot be used together; OpenSSL's sentence is left out, the key is never quoted.
 */
export function secureContextOf(
  identity: ProbeIdentity | null,
  kind: SessionKind | 'any' = 'any',
): SecureContext {
  const known = contexts.get(identity ?? NOBODY) ?? new Map<SessionKind | 'any', SecureContext>();
  const context = known.get(kind) ?? contextOf(identity, kind);
  contexts.set(identity ?? NOBODY, known.set(kind, context));
  return context;
}

const INSISTS: Readonly<Record<SessionKind | 'any', SecureContextOptions>> = {
  any: {},
  'TLS 1.2 session id': {
    ...{ minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2', secureOptions: constants.SSL_OP_NO_TICKET },
  },
  'TLS 1.2 ticket': { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' },
  'TLS 1.3 ticket': { minVersion: 'TLSv1.3', maxVersion: 'TLSv1.3' },
};

function contextOf(identity: ProbeIdentity | null, kind: SessionKind | 'any'): SecureContext {
  try {
    return createSecureContext({ ciphers: SHOW_ANYTHING, ...INSISTS[kind], ...shown(identity) });
  } catch {
    throw new PortError({
      code: 'probe.identity-unusable',
      message: 'the certificate and the private key of a probe cannot be used together',
      nextStep: 'give the sample client an unencrypted PEM key that belongs to its certificate',
    });
  }
}

function shown(identity: ProbeIdentity | null): SecureContextOptions {
  if (identity === null) return {};
  const key = identity.privateKey.reveal();
  // Node takes an empty key for no key and then shows no certificate: refused, and proof of nothing.
  if (key === '') throw new RangeError('the private key is empty');
  return { cert: `${identity.certificatePem}\n${identity.chainPem}`, key };
}
