import { createSecureContext, type SecureContext, type SecureContextOptions } from 'node:tls';
import { PortError, type ProbeIdentity } from '#engine';

/** Node's own defaults, at a level where any certificate may be shown: to judge it is the server's business. */
const SHOW_ANYTHING = 'DEFAULT@SECLEVEL=0';

/** An identity is parsed once for all that it is shown to; sessions are kept by nobody, so that none is resumed. */
const contexts = new WeakMap<object, SecureContext>();
/** Stands for whoever shows no certificate. */
const NOBODY = {};

/**
 * What the client shows. Throws PortError `probe.identity-unusable` when certificate and key cannot be used
 * together; OpenSSL's sentence is left out, the key is never quoted.
 */
export function secureContextOf(identity: ProbeIdentity | null): SecureContext {
  const context = contexts.get(identity ?? NOBODY) ?? contextOf(identity);
  contexts.set(identity ?? NOBODY, context);
  return context;
}

function contextOf(identity: ProbeIdentity | null): SecureContext {
  try {
    return createSecureContext({ ciphers: SHOW_ANYTHING, ...shown(identity) });
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
