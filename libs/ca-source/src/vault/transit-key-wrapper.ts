import { z } from 'zod';
import { type AppRole, KeyWrapper, PortError, type Secret } from '#engine';
import type { VaultServer } from './app-role-requests.js';
import { VaultConnection } from './vault-connection.js';
import { VaultLogins } from './vault-logins.js';

/** A key of the transit engine of one Vault. */
export interface TransitKey {
  /** Base address, such as `https://vault.example:8200`. */
  readonly address: string;
  /** Vault Enterprise namespace, empty for none. */
  readonly namespace: string;
  /** Path of the transit engine without slashes at the ends, such as `transit`. */
  readonly mount: string;
  /** Name of the key. */
  readonly key: string;
  /** PEM of the CA that signed Vault's own server certificate, or null for the system's. */
  readonly serverCaPem: string | null;
}

/** A token as it is now (an agent may renew it in a file), or a login by AppRole. */
export type TransitLogin = { readonly token: () => Promise<Secret> } | { readonly appRole: AppRole };

const wrapReply = z.object({ data: z.object({ ciphertext: z.string().startsWith('vault:') }) });
const unwrapReply = z.object({ data: z.object({ plaintext: z.base64() }) });

/** `transit/encrypt` and `transit/decrypt` of HashiCorp Vault, over node-vault. */
export class TransitKeyWrapper extends KeyWrapper {
  override readonly name: string;
  private readonly logins = new VaultLogins();

  constructor(
    private readonly place: TransitKey,
    private readonly login: TransitLogin,
  ) {
    super();
    this.name = `${place.mount}/keys/${place.key} of Vault at ${place.address}`;
  }

  override async wrap(key: Buffer): Promise<string> {
    const plaintext = key.toString('base64');
    const { data } = await this.ask('encrypt', 'wrap a master key', { plaintext }, wrapReply);
    return data.ciphertext;
  }

  override async unwrap(wrapped: string): Promise<Buffer> {
    const { data } = await this.ask('decrypt', 'unwrap a master key', { ciphertext: wrapped }, unwrapReply);
    return Buffer.from(data.plaintext, 'base64');
  }

  private async ask<T>(verb: string, purpose: string, body: object, schema: z.ZodType<T>): Promise<T> {
    try {
      const vault = new VaultConnection({ ...this.server(), token: await this.token() });
      return await vault.write(vault.inMount(verb, this.place.key), purpose, body, schema);
    } catch (error) {
      throw error instanceof PortError && error.problem.code.startsWith('ca.') ? this.failed(error) : error;
    }
  }

  private server(): VaultServer {
    const { address, namespace, mount, serverCaPem } = this.place;
    return { address, namespace, mount, serverCaPem };
  }

  private async token(): Promise<Secret> {
    if ('token' in this.login) return this.login.token();
    const mount = { kind: 'vault', id: this.name, role: '', ...this.server() } as const;
    return this.logins.token({ ...mount, appRole: this.login.appRole });
  }

  private failed({ problem, transient }: PortError): PortError {
    const { mount, key } = this.place;
    const rights = `"update" on ${mount}/encrypt/${key} and ${mount}/decrypt/${key}`;
    return new PortError(
      {
        ...problem,
        code: transient ? 'secret.wrapper-unreachable' : 'secret.wrapper-refused',
        nextStep: transient
          ? 'Bring Vault back; secrets are opened again by then. Restart nothing.'
          : `Check that the key ${key} exists (vault read ${mount}/keys/${key}), that it still decrypts the version that is stored (min_decryption_version), and that the policy of the login has ${rights}.`,
      },
      { transient },
    );
  }
}
