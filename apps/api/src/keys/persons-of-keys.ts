import { oidcActor } from '../access/oidc-claims.js';
import { RequestFault } from '../http/request-fault.js';

/** Says which actor a key belongs to whose holder has tokens too. */
export class PersonsOfKeys {
  /** Null where API keys are the only way in. */
  constructor(private readonly issuer: string | null) {}

  /** Null for a key that is an actor of its own. Throws RequestFault `oidc.not-configured`. */
  actorOf(subject: string | null): string | null {
    if (subject === null) return null;
    if (this.issuer !== null) return oidcActor(this.issuer, subject);
    const detail = 'The key is to belong to a subject, and no issuer of tokens is configured.';
    throw new RequestFault(
      'oidc.not-configured',
      detail,
      'Leave `subject` out, or set WINDLASS_OIDC_ISSUER.',
    );
  }
}
