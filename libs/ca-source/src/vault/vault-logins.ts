import { createHash } from 'node:crypto';
import { type AppRole, PortError, type Secret, type VaultMount } from '#engine';
import { logIn, renew, type TokenLease } from './app-role-requests.js';

/** The share of its life after which a token is renewed: enough is left for a call that starts with it. */
const RENEW_AFTER = 2 / 3;
/** A renewal that gives less than this share of a first lease is near the longest life that Vault lets it have. */
const WORTH_KEEPING = 1 / 2;

type AppRoleCa = VaultMount & { readonly appRole: AppRole };

interface Held {
  /** Digest of the login, so that a new secret id is not answered with a token of the old one. */
  readonly login: string;
  /** At most one request for a token at a time; the others wait for it. */
  lease: Promise<HeldLease>;
}

interface HeldLease extends TokenLease {
  /** Of the login that this lease goes back to. */
  readonly firstSeconds: number;
  /** Milliseconds since the epoch, by this machine's clock at the moment of the request. */
  readonly renewAt: number;
  readonly endsAt: number;
}

/**
 * The tokens that came of logins, by issuing CA, in memory only. Made when first needed, renewed in time by whoever
 * asks next, and made anew where that is not possible. `now` in milliseconds since the epoch.
 */
export class VaultLogins {
  private readonly held = new Map<string, Held>();

  constructor(private readonly now: () => number = Date.now) {}

  /**
   * `refused` is a token from here that Vault did not take: a new login is made, unless somebody made one meanwhile.
   * Throws PortError as CaSource does.
   */
  async token(ca: AppRoleCa, refused: Secret | null = null): Promise<Secret> {
    const login = digestOf(ca.appRole);
    const held = this.held.get(ca.id);
    if (held?.login !== login) return this.hold(ca, { login, lease: this.first(ca) });
    held.lease = held.lease.then((lease) => this.inDate(ca, lease, refused));
    return this.hold(ca, held);
  }

  /** A failure is told to all who waited for it, and forgotten: who asks later tries anew. */
  private async hold(ca: AppRoleCa, held: Held): Promise<Secret> {
    this.held.set(ca.id, held);
    const { lease } = held;
    try {
      return (await lease).token;
    } catch (error) {
      if (held.lease === lease && this.held.get(ca.id) === held) this.held.delete(ca.id);
      throw error;
    }
  }

  private async first(ca: AppRoleCa): Promise<HeldLease> {
    const asked = this.now();
    const lease = await logIn(ca, ca.appRole);
    return within(lease, asked, lease.seconds);
  }

  private async inDate(ca: AppRoleCa, lease: HeldLease, refused: Secret | null): Promise<HeldLease> {
    if (lease.token === refused || this.now() >= lease.endsAt) return this.first(ca);
    if (this.now() < lease.renewAt) return lease;
    return (lease.renewable ? await this.renewed(ca, lease) : null) ?? this.first(ca);
  }

  /** Null where a login is better: Vault would not renew, or not for long. */
  private async renewed(ca: AppRoleCa, lease: HeldLease): Promise<HeldLease | null> {
    const asked = this.now();
    try {
      const longer = await renew(ca, lease.token);
      return longer.seconds < lease.firstSeconds * WORTH_KEEPING
        ? null
        : within(longer, asked, lease.firstSeconds);
    } catch (error) {
      if (error instanceof PortError && !error.transient) return null;
      throw error;
    }
  }
}

function within(lease: TokenLease, asked: number, firstSeconds: number): HeldLease {
  const milliseconds = lease.seconds * 1_000;
  return {
    ...{ ...lease, firstSeconds },
    ...{ renewAt: asked + milliseconds * RENEW_AFTER, endsAt: asked + milliseconds },
  };
}

function digestOf({ mount, roleId, secretId }: AppRole): string {
  return createHash('sha256')
    .update(JSON.stringify([mount, roleId, secretId.reveal()]))
    .digest('hex');
}
