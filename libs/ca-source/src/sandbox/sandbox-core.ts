import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Secret } from '#engine';
import { SANDBOX_VERSION_PREFIX } from '../vault/product.js';
import { durationSeconds } from './durations.js';
import { answerPki } from './pki-routes.js';
import { SandboxMount } from './sandbox-mount.js';
import { asErrorList, NO_CONTENT, SandboxRefusal, type SandboxReply, withData } from './sandbox-reply.js';
import type { SandboxRequest } from './sandbox-request.js';

export const SANDBOX_VERSION = '0.1.0';

/** Vault's system default, 32 days. */
const DEFAULT_MAX_TTL = '768h';

/** Everything behind the sandbox's HTTP: seal, token, mounts. */
export class SandboxCore {
  readonly unsealKey = randomBytes(32).toString('base64');
  private sealed = false;
  private readonly mounts = new Map<string, SandboxMount>();

  constructor(private readonly token: Secret) {}

  /** Order as in Vault: open paths, then the seal, then the token, then whether the path exists. */
  async answer(request: SandboxRequest): Promise<SandboxReply> {
    const open = this.answerWithoutToken(request);
    if (open !== null) return open;
    if (this.sealed) throw new SandboxRefusal(503, ['Vault is sealed']);
    const target = this.locate(request.path);
    const isPublic = request.method === 'LIST' && target?.path === 'issuers';
    if (!isPublic) this.requireToken(request.token);
    if (target !== null) return answerPki(target.mount, target.path, request);
    return this.answerSystem(request);
  }

  private answerWithoutToken({ path, fields }: SandboxRequest): SandboxReply | null {
    if (path === 'sys/health') return { status: this.sealed ? 503 : 200, body: this.health() };
    if (path === 'sys/seal-status') return { status: 200, body: this.sealStatus() };
    if (path !== 'sys/unseal') return null;
    if (fields.key !== this.unsealKey)
      throw new SandboxRefusal(400, ['unable to retrieve stored keys: invalid key']);
    this.sealed = false;
    return { status: 200, body: this.sealStatus() };
  }

  private answerSystem({ method, path, fields }: SandboxRequest): SandboxReply {
    const writes = method === 'POST' || method === 'PUT';
    if (path === 'sys/seal' && writes) {
      this.sealed = true;
      return NO_CONTENT;
    }
    if (path === 'auth/token/lookup-self' && method === 'GET') {
      return withData({ display_name: 'sandbox', policies: ['root'], ttl: 0, renewable: false });
    }
    const mounted = this.mounts.get(path.replace('sys/internal/ui/mounts/', ''));
    if (mounted !== undefined && method === 'GET') {
      return withData({ type: 'pki', config: { max_lease_ttl: mounted.maxTtlSeconds } });
    }
    if (path.startsWith('sys/mounts/') && writes) return this.mount(path.slice('sys/mounts/'.length), fields);
    throw new SandboxRefusal(404, [`no handler for route "${path}". route entry not found.`]);
  }

  private mount(path: string, fields: SandboxRequest['fields']): SandboxReply {
    if (fields.type !== 'pki')
      throw new SandboxRefusal(400, [`plugin not found in the catalog: ${fields.type}`]);
    if (this.mounts.has(path)) throw new SandboxRefusal(400, [`path is already in use at ${path}/`]);
    const config = fields.config as { max_lease_ttl?: unknown } | undefined;
    this.mounts.set(path, new SandboxMount(durationSeconds(config?.max_lease_ttl ?? DEFAULT_MAX_TTL)));
    return NO_CONTENT;
  }

  private locate(path: string): { mount: SandboxMount; path: string } | null {
    for (const [name, mount] of this.mounts) {
      if (path.startsWith(`${name}/`)) return { mount, path: path.slice(name.length + 1) };
    }
    return null;
  }

  private requireToken(token: string): void {
    if (token === '') throw new SandboxRefusal(403, ['permission denied']);
    if (timingSafeEqual(sha256(token), sha256(this.token.reveal()))) return;
    throw new SandboxRefusal(403, [asErrorList('permission denied', 'invalid token')]);
  }

  private health() {
    return {
      initialized: true,
      sealed: this.sealed,
      standby: this.sealed,
      server_time_utc: Math.floor(Date.now() / 1000),
      version: `${SANDBOX_VERSION_PREFIX}${SANDBOX_VERSION}`,
    };
  }

  private sealStatus() {
    return { type: 'shamir', initialized: true, sealed: this.sealed, t: 1, n: 1, progress: 0 };
  }
}

/** Equal lengths are what timingSafeEqual needs. */
function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
