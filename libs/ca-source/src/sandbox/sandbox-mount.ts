import { randomUUID, webcrypto } from 'node:crypto';
import type { X509Certificate } from '@peculiar/x509';
import { type Authority, createAuthority, newKeys, printedSerial, signCrl } from './certificates.js';
import { ALL_USAGES, type SandboxIssuer } from './sandbox-issuer.js';
import { asErrorList, SandboxRefusal } from './sandbox-reply.js';
import type { SandboxRole } from './sandbox-role.js';

/** A key that stays in the mount. */
export interface SandboxKey {
  readonly id: string;
  /** Empty for none. */
  readonly name: string;
  readonly keys: webcrypto.CryptoKeyPair;
}

/** One PKI mount in memory: its issuers, its default, its roles. Behaves as Vault 1.21.1 was seen to. */
export class SandboxMount {
  readonly issuers = new Map<string, SandboxIssuer>();
  readonly roles = new Map<string, SandboxRole>();
  /** PEM of every certificate that is kept, by serial number as Vault prints it. */
  readonly certificates = new Map<string, string>();
  /** Id of the issuer of every leaf that is kept, by serial number. */
  readonly issuedBy = new Map<string, string>();
  /** Seconds since the epoch at which it was revoked, by serial number. */
  readonly revocations = new Map<string, number>();
  /** PEM by issuer id. */
  readonly crls = new Map<string, string>();
  /** Id of the default issuer, empty when there is none. */
  defaultIssuerId = '';
  followsLatest = false;
  private readonly keys = new Map<string, SandboxKey>();

  constructor(readonly maxTtlSeconds: number) {}

  /**
   * `reference` is an id, a name, or `default`. Throws Vault's 500 for one that is not there, with `failure` before
   * the reason.
   */
  issuer(reference: string, failure = ''): SandboxIssuer {
    const found = this.findIssuer(reference);
    if (found !== null) return found;
    const reason =
      reference === 'default'
        ? 'no default issuer currently configured'
        : `unable to find PKI issuer for reference: ${reference}`;
    throw new SandboxRefusal(500, [asErrorList(failure + reason)]);
  }

  findIssuer(reference: string): SandboxIssuer | null {
    const wanted = reference === 'default' ? this.defaultIssuerId : reference;
    if (wanted === '') return null;
    return this.issuers.get(wanted) ?? [...this.issuers.values()].find(({ name }) => name === wanted) ?? null;
  }

  /** The first issuer of a mount becomes its default, and so does every later one while the default follows. */
  async createIssuer(request: {
    readonly name: string;
    readonly keyName: string;
    readonly commonName: string;
    /** 0 takes the longest that the mount allows; more than that is cut to it, as Vault does. */
    readonly ttlSeconds: number;
  }): Promise<SandboxIssuer> {
    this.requireFreeNames(request.name, request.keyName);
    const ttlSeconds = Math.min(request.ttlSeconds || this.maxTtlSeconds, this.maxTtlSeconds);
    const authority = await createAuthority(request.commonName, ttlSeconds);
    const crl = await signCrl(authority, []);
    // Once more, because another request may have taken the name while the key was made.
    this.requireFreeNames(request.name, request.keyName);
    this.keep(authority.certificate);
    return this.addIssuer(request.name, this.keepKey(request.keyName, authority.keys), authority, crl);
  }

  /** A key that no issuer has yet. */
  async createKey(name: string): Promise<SandboxKey> {
    this.requireFreeNames('', name);
    const keys = await newKeys();
    this.requireFreeNames('', name);
    return this.keepKey(name, keys);
  }

  /** `reference` is an id or a name. */
  findKey(reference: string): SandboxKey | null {
    return [...this.keys.values()].find(({ id, name }) => id === reference || name === reference) ?? null;
  }

  /** The issuer of a certificate for a key of this mount, made now or known already. Throws where there is no such key. */
  async importIssuer(certificate: X509Certificate): Promise<SandboxIssuer> {
    const key = await this.keyOf(certificate);
    const authority = { certificate, keys: key.keys };
    const crl = await signCrl(authority, []);
    const known = [...this.issuers.values()].find((one) => one.authority.certificate.equal(certificate));
    return known ?? this.addIssuer('', key, authority, crl);
  }

  /** The issuer and those of the mount above it, as far as they are known. */
  chainOf(issuer: SandboxIssuer): readonly SandboxIssuer[] {
    const chain = [issuer];
    for (let last = issuer; ; ) {
      const { issuer: wanted } = last.authority.certificate;
      const above = [...this.issuers.values()].find(
        (one) => one.authority.certificate.subject === wanted && !chain.includes(one),
      );
      if (above === undefined) return chain;
      chain.push(above);
      last = above;
    }
  }

  keep(certificate: X509Certificate): void {
    this.certificates.set(printedSerial(certificate), certificate.toString('pem'));
  }

  private async keyOf({ publicKey }: X509Certificate): Promise<SandboxKey> {
    const wanted = Buffer.from(publicKey.rawData);
    for (const key of this.keys.values()) {
      const spki = await webcrypto.subtle.exportKey('spki', key.keys.publicKey);
      if (wanted.equals(Buffer.from(spki))) return key;
    }
    throw new SandboxRefusal(400, ['the sandbox imports certificates for keys of its own only']);
  }

  private keepKey(name: string, keys: webcrypto.CryptoKeyPair): SandboxKey {
    const key = { id: randomUUID(), name, keys };
    this.keys.set(key.id, key);
    return key;
  }

  private addIssuer(name: string, key: SandboxKey, authority: Authority, crl: string): SandboxIssuer {
    const issuer: SandboxIssuer = {
      ...{ id: randomUUID(), keyId: key.id, authority, name },
      ...{ usage: ALL_USAGES, leafNotAfterBehavior: 'err' },
    };
    this.issuers.set(issuer.id, issuer);
    this.crls.set(issuer.id, crl);
    if (this.defaultIssuerId === '' || this.followsLatest) this.defaultIssuerId = issuer.id;
    return issuer;
  }

  /** Of every issuer that may sign one; another keeps the one that it has. */
  async makeCrls(): Promise<void> {
    for (const { id, usage, authority } of this.issuers.values()) {
      if (!usage.includes('crl-signing')) continue;
      const revoked = [...this.revocations.keys()].filter((serial) => this.issuedBy.get(serial) === id);
      this.crls.set(id, await signCrl(authority, revoked));
    }
  }

  requireFreeIssuerName(name: string): void {
    if (name === 'default') {
      throw new SandboxRefusal(400, ["reserved keyword 'default' can not be used as issuer name"]);
    }
    if (!/^[\w.-]*$/.test(name)) throw new SandboxRefusal(400, ['issuer name contained invalid characters']);
    if (name !== '' && this.findIssuer(name) !== null) {
      throw new SandboxRefusal(400, ['issuer name already in use']);
    }
  }

  /** Deleting what is not there succeeds; deleting the default leaves the mount without one. Returns warnings. */
  deleteIssuer(reference: string): readonly string[] {
    const issuer = this.findIssuer(reference);
    if (issuer === null) return [];
    this.issuers.delete(issuer.id);
    if (issuer.id !== this.defaultIssuerId) return [];
    this.defaultIssuerId = '';
    return [
      `Deleted issuer ${issuer.id} (via issuer_ref ${reference}); this was configured as the default issuer.`,
    ];
  }

  deleteKey(reference: string): void {
    const found = this.findKey(reference);
    if (found === null) return;
    const keyId = found.id;
    const user = [...this.issuers.values()].find((issuer) => issuer.keyId === keyId);
    if (user !== undefined) {
      throw new SandboxRefusal(400, [`Failed to Delete Key.  Key in Use by Issuer: ${user.id}`]);
    }
    this.keys.delete(keyId);
  }

  private requireFreeNames(name: string, keyName: string): void {
    this.requireFreeIssuerName(name);
    if (keyName !== '' && [...this.keys.values()].some(({ name: taken }) => taken === keyName)) {
      throw new SandboxRefusal(400, ['key name already in use']);
    }
  }
}
