import { type NewIssuer, PortError } from '#engine';
import type { VaultConnection } from './vault-connection.js';
import {
  anyReply,
  createdIssuerReply,
  crlReply,
  type IssuerReply,
  issuerListReply,
  issuerReply,
  issuersConfigReply,
  keyReply,
  leafReply,
  mountReply,
  nameListReply,
  type RoleReply,
  roleReply,
  storedCertificateReply,
} from './vault-replies.js';

/** Which issuer answers requests that name none, and whether the next issuer created would take its place. */
export interface DefaultIssuer {
  /** Empty when the mount has none. */
  readonly id: string;
  readonly followsLatest: boolean;
}

/** The single requests to a PKI mount, each as Vault's API documents it. Sequences are VaultCaSource's. */
export class MountedPki {
  constructor(readonly vault: VaultConnection) {}

  async defaultIssuer(): Promise<DefaultIssuer> {
    const { data } = await this.vault.read(
      this.vault.inMount('config', 'issuers'),
      'read the default issuer',
      issuersConfigReply,
    );
    return { id: data.default, followsLatest: data.default_follows_latest_issuer };
  }

  /** Always writes both fields: without `default` Vault refuses, and a flag left out keeps its value. */
  async setDefaultIssuer(wanted: DefaultIssuer): Promise<void> {
    await this.vault.write(
      this.vault.inMount('config', 'issuers'),
      `make ${wanted.id} the default issuer${wanted.followsLatest ? ' until the next one is created' : ''}`,
      { default: wanted.id, default_follows_latest_issuer: wanted.followsLatest },
      issuersConfigReply,
    );
  }

  /** Ids of all issuers with their names; an issuer without a name has an empty one. */
  async issuerNames(): Promise<ReadonlyMap<string, string>> {
    const { keys, key_info } = await this.listedIssuers();
    return new Map(keys.map((id) => [id, key_info[id]?.issuer_name ?? '']));
  }

  /** Ids of the issuers with the key. */
  async issuersWithKey(keyId: string): Promise<readonly string[]> {
    const { keys, key_info } = await this.listedIssuers();
    return keys.filter((id) => key_info[id]?.key_id === keyId);
  }

  private async listedIssuers() {
    const path = this.vault.inMount('issuers');
    return (await this.vault.list(path, 'list the issuers', issuerListReply)).data;
  }

  async issuerIdByName(name: string): Promise<string | null> {
    for (const [id, found] of await this.issuerNames()) if (found === name) return id;
    return null;
  }

  async issuer(id: string): Promise<IssuerReply> {
    const { data } = await this.vault.read(
      this.vault.inMount('issuer', id),
      `read issuer ${id}`,
      issuerReply,
    );
    return data;
  }

  /** PEM, empty where there is none. Anybody may read it: Vault asks for no token here. */
  async crl(id: string): Promise<string> {
    const path = this.vault.inMount('issuer', id, 'crl');
    const { data } = await this.vault.read(path, `read the CRL of issuer ${id}`, crlReply);
    return data.crl;
  }

  /** Makes the CRLs of all issuers of the mount anew. A GET, because Vault has it so. */
  async rotateCrls(): Promise<void> {
    const path = this.vault.inMount('crl', 'rotate');
    await this.vault.read(path, 'have the CRLs made anew', anyReply);
  }

  /** PATCH, because a POST without a name would clear the name. */
  async changeIssuer(
    id: string,
    change: { issuer_name?: string; usage?: string; leaf_not_after_behavior?: 'err' },
    purpose: string,
  ): Promise<void> {
    await this.vault.patch(this.vault.inMount('issuer', id), purpose, change, anyReply);
  }

  /**
   * Creates a root whose key never leaves Vault and returns the issuer's id. Vault keeps names unique, so of two
   * requests, or one whose reply was lost, only the first creates; the other finds it here.
   */
  async createRoot({ name, commonName, ttlSeconds }: NewIssuer): Promise<string> {
    try {
      const { data } = await this.vault.write(
        this.vault.inMount('root', 'rotate', 'internal'),
        `create issuer ${name}`,
        {
          issuer_name: name,
          // The same name, so that withdrawing finds the key after the issuer is gone.
          key_name: name,
          common_name: commonName,
          exclude_cn_from_sans: true,
          ttl: `${ttlSeconds}s`,
          key_type: 'ec',
          key_bits: 256,
        },
        createdIssuerReply,
      );
      return data.issuer_id;
    } catch (error) {
      const created = isNameTaken(error) ? await this.issuerIdByName(name) : null;
      if (created === null) throw error;
      return created;
    }
  }

  /** By name, so that a policy can allow this for names of ours only. Deleting what is not there succeeds. */
  async deleteIssuer(name: string): Promise<void> {
    await this.vault.delete(this.vault.inMount('issuer', name), `delete issuer ${name}`, anyReply);
  }

  /** Null when there is no key of the name. */
  async keyId(name: string): Promise<string | null> {
    try {
      const path = this.vault.inMount('key', name);
      return (await this.vault.read(path, `look for the key of issuer ${name}`, keyReply)).data.key_id;
    } catch (error) {
      if (error instanceof PortError && /unable to find PKI key/.test(error.problem.detail ?? ''))
        return null;
      throw error;
    }
  }

  /** Vault refuses while an issuer uses the key. Deleting what is not there succeeds. */
  async deleteKey(name: string): Promise<void> {
    await this.vault.delete(this.vault.inMount('key', name), `delete the key of issuer ${name}`, anyReply);
  }

  async roleNames(): Promise<readonly string[]> {
    const { data } = await this.vault.list(this.vault.inMount('roles'), 'list the roles', nameListReply);
    return data.keys;
  }

  /** `issuer_ref` is the issuer that the role issues from; `default` follows the mount's default. */
  async role(name: string): Promise<RoleReply> {
    const { data } = await this.vault.read(this.vault.inMount('roles', name), `read role ${name}`, roleReply);
    return data;
  }

  /** PATCH, so that every other field of the role stays. */
  async setRoleIssuer(name: string, issuerRef: string): Promise<void> {
    const purpose = `make role ${name} issue from ${issuerRef}`;
    await this.vault.patch(this.vault.inMount('roles', name), purpose, { issuer_ref: issuerRef }, anyReply);
  }

  /** Seconds that a certificate of this mount may live at most, unless a role says less. */
  async longestTtlSeconds(): Promise<number> {
    const path = `sys/internal/ui/mounts/${this.vault.inMount()}`;
    const { data } = await this.vault.read(path, 'read the longest lifetime of the mount', mountReply);
    return data.config.max_lease_ttl;
  }

  /** Serial numbers of all certificates that the mount keeps, CAs among them, as Vault prints them. */
  async serials(): Promise<readonly string[]> {
    const { data } = await this.vault.list(
      this.vault.inMount('certs'),
      'list the certificates',
      nameListReply,
    );
    return data.keys;
  }

  async certificate(serial: string): Promise<{ pem: string; revoked: boolean }> {
    const { data } = await this.vault.read(
      this.vault.inMount('cert', serial),
      `read certificate ${serial}`,
      storedCertificateReply,
    );
    return { pem: data.certificate, revoked: data.revocation_time > 0 };
  }

  /** `issuerId` null takes the path that clients use, where the role and the default decide. */
  async issue(issuerId: string | null, role: string, request: { commonName: string; ttlSeconds: number }) {
    const path = issuerId === null ? ['issue', role] : ['issuer', issuerId, 'issue', role];
    const { data } = await this.vault.write(
      this.vault.inMount(...path),
      `issue a leaf for ${request.commonName} from ${issuerId ?? 'the default issuer'}`,
      { common_name: request.commonName, ttl: `${request.ttlSeconds}s` },
      leafReply,
    );
    return data;
  }
}

/** Somebody was here before, most likely we: the reply was lost. */
export function isNameTaken(error: unknown): boolean {
  return error instanceof PortError && /(issuer|key) name already in use/.test(error.problem.detail ?? '');
}
