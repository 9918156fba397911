import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import type { OidcSettings } from '#platform';

interface SigningKey {
  readonly id: string;
  readonly privateKey: CryptoKey;
  readonly published: object;
}

/** An OpenID Connect issuer on loopback: what a relying party asks of one, and tokens as they are needed. */
export class LocalIssuer {
  /** How often anybody asked for the keys. */
  asked = 0;
  /** What the discovery document says in the place of the truth. */
  claimsToBe: string | null = null;
  private server: Server | null = null;
  private port = 0;
  private keys: SigningKey[] = [];

  static async start(): Promise<LocalIssuer> {
    const issuer = new LocalIssuer();
    await issuer.rotateKeys();
    await issuer.listen();
    return issuer;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/realms/ops`;
  }

  settings(over: Partial<OidcSettings> = {}): OidcSettings {
    return {
      ...{ issuer: this.url, audience: 'windlass', rolesClaim: 'groups', fleetsClaim: null },
      roles: { readers: 'viewer', sre: 'operator', leads: 'approver', 'pki-admins': 'admin' },
      ...over,
    };
  }

  /** A new key in the place of those that there were. */
  async rotateKeys(algorithm = 'ES256'): Promise<void> {
    const { privateKey, publicKey } = await generateKeyPair(algorithm);
    const id = `key-${Math.random().toString(36).slice(2)}`;
    const published = { ...(await exportJWK(publicKey)), kid: id, alg: algorithm, use: 'sig' };
    this.keys = [{ id, privateKey, published }];
  }

  /** Good for five minutes, for `windlass`, of a person in the group `sre`, save for what `over` says. */
  token(over: JWTPayload = {}, header: { alg?: string; kid?: string } = {}, key?: CryptoKey | Uint8Array) {
    const [newest] = this.keys;
    if (newest === undefined) throw new Error('no key');
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: this.url, aud: 'windlass', sub: 'ana', iat: now, exp: now + 300, groups: ['sre'] };
    return new SignJWT({ ...claims, ...over })
      .setProtectedHeader({ alg: 'ES256', kid: newest.id, ...header })
      .sign(key ?? newest.privateKey);
  }

  /** Back at the port that it had. */
  async listen(): Promise<void> {
    this.server = createServer((request, response) => {
      const body = this.answer(request.url ?? '');
      response.writeHead(body ? 200 : 404, { 'Content-Type': 'application/json', Connection: 'close' });
      response.end(JSON.stringify(body));
    });
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = (this.server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    this.server?.close();
    this.server?.closeAllConnections();
    if (this.server?.listening) await once(this.server, 'close');
    this.server = null;
  }

  private answer(path: string): object | null {
    if (path === '/realms/ops/.well-known/openid-configuration') {
      return { issuer: this.claimsToBe ?? this.url, jwks_uri: `${this.url}/keys` };
    }
    if (path !== '/realms/ops/keys') return null;
    this.asked += 1;
    return { keys: this.keys.map(({ published }) => published) };
  }
}
