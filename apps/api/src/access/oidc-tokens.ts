import { createRemoteJWKSet, decodeJwt, errors, type JWTPayload, jwtVerify } from 'jose';
import { z } from 'zod';
import { isTrustworthyUrl, type OidcSettings } from '#platform';
import { badToken, issuerUnreachable } from './access-faults.js';
import type { Caller } from './caller.js';
import { callerOfClaims } from './oidc-claims.js';

/** By a key that the issuer alone has: with a symmetric one whoever can judge a token could make it. */
const ALGORITHMS = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
];
const CLOCK_SKEW_S = 10;
const PATIENCE_MS = 5_000;
/** An unknown key makes us ask the issuer for its keys, and no more often than this. */
const COOLDOWN_MS = 30_000;
/** How long the keys of the issuer are good without asking it again. */
const KEYS_LAST_MS = 600_000;

/** Faults of the issuer's answers; all others are the token's. */
const OF_ISSUER: readonly string[] = ['ERR_JOSE_GENERIC', 'ERR_JWKS_INVALID', 'ERR_JWKS_TIMEOUT'];

const Discovered = z.object({
  issuer: z.string(),
  jwks_uri: z.url().refine((url) => isTrustworthyUrl(new URL(url))),
});

type Keys = ReturnType<typeof createRemoteJWKSet>;

/** Bearer tokens of one OpenID Connect issuer. */
export class OidcTokens {
  private keys: Promise<Keys> | null = null;

  constructor(
    private readonly settings: OidcSettings,
    private readonly cooldownMs = COOLDOWN_MS,
  ) {}

  /** The issuer, as actors are named by it. */
  get issuer(): string {
    return this.settings.issuer;
  }

  /**
   * Who came with the token. Throws RequestFault `request.unauthorised` naming what is wrong with it,
   * `oidc.unreachable` while the issuer does not say by which keys its tokens are known, and what
   * {@link callerOfClaims} throws.
   */
  async callerOf(token: string): Promise<Caller> {
    // Before anybody is asked: a stranger's token is no reason to.
    if (issuerOf(token) !== this.settings.issuer)
      throw badToken('is of another issuer than the one that is trusted here');
    return callerOfClaims(await this.verified(token), this.settings);
  }

  private async verified(token: string): Promise<JWTPayload> {
    const { issuer, audience } = this.settings;
    const keys = await this.keysOfIssuer();
    try {
      const { payload } = await jwtVerify(token, keys, {
        ...{ issuer, audience, algorithms: ALGORITHMS, clockTolerance: CLOCK_SKEW_S },
        requiredClaims: ['exp', 'sub'],
      });
      return payload;
    } catch (error) {
      if (error instanceof errors.JOSEError && !OF_ISSUER.includes(error.code)) throw badToken(flawOf(error));
      // The keys may be elsewhere by now.
      this.keys = null;
      throw issuerUnreachable(issuer);
    }
  }

  private async keysOfIssuer(): Promise<Keys> {
    this.keys ??= this.discover();
    try {
      return await this.keys;
    } catch {
      this.keys = null;
      throw issuerUnreachable(this.settings.issuer);
    }
  }

  /** OpenID Connect Discovery 1.0, section 4. */
  private async discover(): Promise<Keys> {
    const url = `${this.settings.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const response = await fetch(url, { signal, redirect: 'error', headers: { Accept: 'application/json' } });
    if (!response.ok) throw new Error(`discovery answered ${response.status}`);
    const { issuer, jwks_uri } = Discovered.parse(await response.json());
    if (issuer !== this.settings.issuer) throw new Error('discovery speaks of another issuer');
    return createRemoteJWKSet(new URL(jwks_uri), {
      ...{ timeoutDuration: PATIENCE_MS, cooldownDuration: this.cooldownMs, cacheMaxAge: KEYS_LAST_MS },
    });
  }
}

/** As it says itself, before anything of it is known to be true. */
function issuerOf(token: string): unknown {
  try {
    return decodeJwt(token).iss;
  } catch {
    throw badToken('cannot be read as a JWT');
  }
}

function flawOf(error: errors.JOSEError): string {
  if (error instanceof errors.JWTExpired) return 'has expired';
  if (error instanceof errors.JWTClaimValidationFailed) return `has no good claim \`${error.claim}\``;
  if (error instanceof errors.JOSEAlgNotAllowed)
    return `is not signed in one of the ways ${ALGORITHMS.join(', ')}`;
  return 'is not signed by a key of its issuer';
}
