import {
  type CaSurvey,
  type IssuedLeaf,
  type Issuer,
  type IssuerUsage,
  type OutstandingLeaves,
  Secret,
} from '#engine';
import { SIMULATED_CAS } from './certificates.js';
import { problem } from './problem.js';

interface MountedIssuer {
  readonly id: string;
  readonly name: string;
  /** Index into the simulated CAs. */
  readonly ca: number;
  usage: IssuerUsage[];
}

const ISSUING: IssuerUsage = 'issuing-certificates';

/** In some worlds there is one that names the first issuer, and that rotations move. */
export const PINNED_ROLE = 'robots';

/** One PKI mount. Every call is one step, done or not done; its answer may be lost on the way (F44). */
export class SimCa {
  readonly issuers: MountedIssuer[] = [
    { id: 'issuer-0', name: 'first', ca: 0, usage: ['read-only', ISSUING, 'crl-signing'] },
  ];
  defaultId = 'issuer-0';
  followsLatest = true;
  sealed = false;
  /** Which issuer each role issues from. */
  readonly roles = new Map([['clients', 'default']]);
  /** Clients of these CAs may exist. */
  readonly issuedFrom = new Set<number>([0]);
  created = 0;
  /** How many clients each of its CAs has revoked. */
  revoked = 0;
  /** Until then somebody holds a certificate of the first issuer and does not renew; milliseconds since the epoch. */
  lastHeldUntil = 0;

  constructor(
    private readonly onChange: () => void,
    private readonly now: () => number,
  ) {}

  survey(): CaSurvey {
    this.requireOpen();
    return {
      product: 'Simulated PKI',
      defaultIssuerId: this.defaultId,
      defaultFollowsLatest: this.followsLatest,
      issuers: this.issuers.map(toIssuer),
      roles: [...this.roles].map(([name, issuerRef]) => ({ name, issuerRef })),
    };
  }

  prepareIssuer(name: string): Issuer {
    this.requireOpen();
    this.followsLatest = false;
    const known = this.issuers.find((issuer) => issuer.name === name);
    if (known) return toIssuer(known);
    this.created += 1;
    const ca = 1 + ((this.created - 1) % (SIMULATED_CAS.length - 1));
    const issuer: MountedIssuer = {
      id: `issuer-${this.created}`,
      name,
      ca,
      usage: ['read-only', 'crl-signing'],
    };
    this.issuers.push(issuer);
    return toIssuer(issuer);
  }

  setIssuing(id: string, allowed: boolean): Issuer {
    const issuer = this.issuer(id);
    issuer.usage = issuer.usage.filter((usage) => usage !== ISSUING);
    if (allowed) {
      issuer.usage.push(ISSUING);
      this.issuedFrom.add(issuer.ca);
    }
    this.onChange();
    return toIssuer(issuer);
  }

  switchDefault(from: string, to: string): void {
    this.requireOpen();
    if (this.defaultId === to) return;
    if (this.defaultId !== from) throw problem('ca.changed-by-others', 'the default is a third issuer');
    this.issuer(to);
    this.defaultId = to;
    this.onChange();
  }

  moveRole(role: string, from: string, to: string): void {
    this.requireOpen();
    const found = this.roles.get(role);
    if (found === undefined || found === to) return;
    if (found !== from) throw problem('ca.changed-by-others', `role ${role} issues from ${found}`);
    this.roles.set(role, to);
    this.onChange();
  }

  withdrawIssuer(name: string, followsLatest: boolean): void {
    this.requireOpen();
    const index = this.issuers.findIndex((issuer) => issuer.name === name);
    if (index >= 0 && this.issuers[index]?.id !== this.defaultId) this.issuers.splice(index, 1);
    this.followsLatest = followsLatest;
    this.onChange();
  }

  outstanding(): OutstandingLeaves {
    this.requireOpen();
    const held = this.now() < this.lastHeldUntil;
    const leaf = { subject: 'CN=straggler', serial: '01', notAfter: this.lastHeldUntil };
    return { leaves: held ? [leaf] : [], unknown: null, longestTtlSeconds: 86_400 };
  }

  crl(id: string): string {
    return crlOf(this.issuer(id).ca, this.revoked);
  }

  issueLeaf(id: string | null): IssuedLeaf {
    const issuer = this.issuer(id ?? this.defaultId);
    if (!issuer.usage.includes(ISSUING)) throw problem('ca.usage-forbids', `${issuer.name} may not issue`);
    this.issuedFrom.add(issuer.ca);
    return {
      certificatePem: leafOf(issuer.ca),
      chainPem: '',
      privateKey: new Secret('k'),
      issuerPem: pemOf(issuer.ca),
    };
  }

  /** Index of the CA that clients get certificates from now. */
  get issuing(): number {
    return this.issuer(this.defaultId).ca;
  }

  /** Roles whose clients can get no certificate. */
  get muteRoles(): readonly string[] {
    return [...this.roles].flatMap(([role, issuerRef]) => {
      const id = issuerRef === 'default' ? this.defaultId : issuerRef;
      return this.issuers.find((issuer) => issuer.id === id)?.usage.includes(ISSUING) ? [] : [role];
    });
  }

  mayIssue(ca: number): boolean {
    return this.issuers.some((issuer) => issuer.ca === ca && issuer.usage.includes(ISSUING));
  }

  private issuer(id: string): MountedIssuer {
    this.requireOpen();
    const issuer = this.issuers.find((one) => one.id === id);
    if (!issuer) throw problem('ca.unknown-issuer', `there is no issuer ${id}`);
    return issuer;
  }

  private requireOpen(): void {
    if (this.sealed) throw problem('ca.sealed', 'the simulated PKI is sealed', true);
  }
}

export function pemOf(ca: number): string {
  return SIMULATED_CAS[ca]?.caPem ?? '';
}

/** The CRL of a CA that has revoked so many; there are no more than it knows. */
export function crlOf(ca: number, revoked = 0): string {
  const crls = SIMULATED_CAS[ca]?.crls ?? [];
  return crls[Math.min(revoked, crls.length - 1)] ?? '';
}

export function leafOf(ca: number): string {
  return SIMULATED_CAS[ca]?.leafPem ?? '';
}

function toIssuer({ id, name, ca, usage }: MountedIssuer): Issuer {
  return { id, name, certificatePem: pemOf(ca), usage: [...usage] };
}
