import type { Secret } from './secret.js';

/** A PKI mount of one Vault, and how its server is known. */
export interface VaultMount {
  readonly kind: 'vault';
  readonly id: string;
  /** Base address, such as `https://vault.example:8200`. */
  readonly address: string;
  /** Vault Enterprise namespace, empty for none. */
  readonly namespace: string;
  /** Path of the PKI mount without slashes at the ends, such as `pki` or `team/pki`. */
  readonly mount: string;
  /** Role through which probe leaves are issued. */
  readonly role: string;
  /** PEM of the CA that signed Vault's own server certificate, or null for the system's. */
  readonly serverCaPem: string | null;
  /** Who signs the CAs that rotations make; null or left out: each signs itself. */
  readonly signedBy?: ParentIssuer | null | undefined;
  /** What becomes of roles that name the old issuer: the rotation is refused (also when left out), or moves them. */
  readonly pinnedRoles?: PinnedRoles | undefined;
}

/** An issuer of another PKI mount of the same Vault and namespace. */
export interface ParentIssuer {
  /** Path without slashes at the ends. */
  readonly mount: string;
  /** Name or id of the issuer there, or `default`. */
  readonly issuer: string;
}

export const PINNED_ROLES = ['refuse', 'move'] as const;
export type PinnedRoles = (typeof PINNED_ROLES)[number];

/** A machine's login to Vault, worth a token that is asked for when it is needed. */
export interface AppRole {
  /** Path of the auth method without slashes at the ends, such as `approle`. */
  readonly mount: string;
  readonly roleId: string;
  readonly secretId: Secret;
}

export type TokenOrAppRole =
  | { readonly token: Secret; readonly appRole?: undefined }
  | { readonly token?: undefined; readonly appRole: AppRole };

export type VaultCa = VaultMount & TokenOrAppRole;

/** A Vault that is asked with a token, whether it was recorded or came of a login. */
export type VaultTokenCa = VaultMount & { readonly token: Secret };

/** A CA that Windlass cannot drive: people bring what it made. */
export interface UploadCa {
  readonly kind: 'upload';
  readonly id: string;
  /** As people call it, such as `EJBCA production`. */
  readonly name: string;
}

/** An access key of AWS. Its id is no secret. */
export interface AwsAccessKey {
  readonly id: string;
  readonly secret: Secret;
}

/** CAs of AWS Private CA that take turns: those of one account and region with the tag `windlass-group`. */
export interface AwsPcaCa {
  readonly kind: 'aws-pca';
  readonly id: string;
  /** Such as `eu-central-1`. */
  readonly region: string;
  /** Number of the account that owns the CAs, twelve digits. */
  readonly account: string;
  /** Value of the tag `windlass-group`. */
  readonly group: string;
  /** Base address in the place of the region's own, such as that of a VPC endpoint, or null. */
  readonly endpoint: string | null;
  /** Null for the role of the machine, found as every client of AWS finds it. */
  readonly accessKey: AwsAccessKey | null;
}

/** One issuing CA. An entity with a lock of its own. */
export type IssuingCa = VaultCa | UploadCa | AwsPcaCa;

/** `usage` of an issuer as Vault names it. */
export type IssuerUsage = 'read-only' | 'issuing-certificates' | 'crl-signing' | 'ocsp-signing';

export interface Issuer {
  readonly id: string;
  readonly name: string;
  readonly certificatePem: string;
  /** CA certificates above it as far as the PKI knows them, PEM in any order; left out: none. */
  readonly parentsPem?: string;
  readonly usage: readonly IssuerUsage[];
}

/** What is in the mount now. */
export interface CaSurvey {
  /** Product and version, such as `Vault 1.21.1` or `Windlass PKI sandbox 0.1.0 (not Vault)`. */
  readonly product: string;
  readonly defaultIssuerId: string;
  readonly defaultFollowsLatest: boolean;
  /** Nothing here can make a CA issue or stop it: a person does, and is to be told. Left out: false. */
  readonly byHand?: boolean;
  readonly issuers: readonly Issuer[];
  /** `issuer_ref` of every role: anything but `default` survives a switch of the default. */
  readonly roles: readonly { readonly name: string; readonly issuerRef: string }[];
}

/** A CA to be made. */
export interface NewIssuer {
  /** Unique in the CA; by it a repetition finds what was made. */
  readonly name: string;
  readonly commonName: string;
  readonly ttlSeconds: number;
}

/** Certificates of one issuer that somebody may still use. */
export interface OutstandingLeaves {
  /** Neither expired nor revoked, as the CA's own list has them; the issuer's own is none of them. */
  readonly leaves: readonly {
    /** In the notation of RFC 2253. */
    readonly subject: string;
    /** Lower-case hex without separators. */
    readonly serial: string;
    /** Milliseconds since the epoch. */
    readonly notAfter: number;
  }[];
  /** Why there may be more of them, in words that follow a colon; null when these are all. */
  readonly unknown: string | null;
  /** The longest life that any role gives a certificate, in seconds; null when the CA does not tell. */
  readonly longestTtlSeconds: number | null;
}

export interface IssuedLeaf {
  readonly certificatePem: string;
  /** Intermediates to send with it, empty when the issuer is a root. */
  readonly chainPem: string;
  readonly privateKey: Secret;
  readonly issuerPem: string;
}

/**
 * A PKI that can stage a new issuer, switch to it, and switch back. Every write is safe to repeat: it reads
 * back what is and writes only what is missing, so a lost reply never makes a second issuer (F44). Throws
 * PortError with `ca.unreachable` (transient), `ca.sealed` (transient), `ca.denied`, `ca.wrong-mount`,
 * `ca.no-default-issuer`, `ca.unknown-issuer`, `ca.unknown-role`, `ca.usage-forbids`, `ca.changed-by-others`,
 * `ca.rate-limited` (transient), `ca.untrusted-server`, `ca.lifetime-cut`, `ca.parent-refused`,
 * `ca.login-refused`, `ca.no-crl`, `ca.failed`.
 */
export abstract class CaSource<Ca extends { readonly id: string } = IssuingCa> {
  abstract survey(ca: Ca): Promise<CaSurvey>;

  /**
   * Pins the default to what it is (`default_follows_latest_issuer` off), creates the CA `name` with a key
   * that stays where it is, and takes `issuing-certificates` from it (`leaf_not_after_behavior: err`). A root, or an
   * intermediate signed by the parent of the issuing CA. Found by its name, or by that of its key, when it exists
   * already.
   */
  abstract prepareIssuer(ca: Ca, request: NewIssuer): Promise<Issuer>;

  /** Gives or takes `issuing-certificates`; the other usages stay. Returns the issuer as read back. */
  abstract setIssuing(ca: Ca, issuerId: string, allowed: boolean): Promise<Issuer>;

  /**
   * The one atomic switch of the default issuer. When the default is already `to` nothing is written; when it
   * is neither `from` nor `to` it throws `ca.changed-by-others`. Reads back before it returns.
   */
  abstract switchDefault(ca: Ca, from: string, to: string): Promise<void>;

  /**
   * Makes one role issue from the issuer `to` (id, name or `default`) in place of `from`. When it does already nothing
   * is written; when it issues from a third one it throws `ca.changed-by-others`, which names it. Reads back before it
   * returns. A role that is gone is left at that: nobody gets a certificate through it.
   */
  abstract moveRole(ca: Ca, role: string, from: string, to: string): Promise<void>;

  /**
   * Undoes {@link prepareIssuer}: deletes the issuer when it exists and is not the default, and puts
   * `default_follows_latest_issuer` back to `followsLatest`.
   */
  abstract withdrawIssuer(ca: Ca, name: string, followsLatest: boolean): Promise<void>;

  /** Who may still hold a certificate of the issuer. Reads only. */
  abstract outstanding(ca: Ca, issuerId: string): Promise<OutstandingLeaves>;

  /**
   * The whole CRL of the issuer (RFC 5280 5), PEM. One that has less than half of its life left is made anew where the
   * CA can be told to. Throws `ca.no-crl` where there is none, and says who has to make one.
   */
  abstract crl(ca: Ca, issuerId: string): Promise<string>;

  /** Issues a leaf with a fresh key through the CA's role; `issuerId` null takes the default path. */
  abstract issueLeaf(
    ca: Ca,
    request: { issuerId: string | null; commonName: string; ttlSeconds: number },
  ): Promise<IssuedLeaf>;
}
