import { Agent } from 'node:http';
import NodeVault from 'node-vault';
import type { ZodType } from 'zod';
import { explainFailure, unreadableReply } from './vault-failure.js';
import type { Question, VaultPlace } from './vault-question.js';

const TIMEOUT_MILLISECONDS = 10_000;

/**
 * Requests to one Vault, each bounded in time and with its reply checked against a schema. Everything that goes
 * wrong is thrown as a PortError; what node-vault and axios throw never leaves this file, because it contains
 * the token. Made for one port call and dropped after it: a kept client would keep an old token.
 */
export class VaultConnection {
  private readonly client: NodeVault.client;

  constructor(
    readonly place: VaultPlace,
    private readonly timeoutMilliseconds = TIMEOUT_MILLISECONDS,
  ) {
    this.client = createClient(place, timeoutMilliseconds);
  }

  /** The API path below the mount, such as `pki/issuer/<id>`; every segment is escaped. */
  inMount(...segments: readonly string[]): string {
    return [...this.place.mount.split('/'), ...segments].map(encodeURIComponent).join('/');
  }

  read<T>(path: string, purpose: string, schema: ZodType<T>): Promise<T> {
    return this.ask({ method: 'GET', path, purpose }, schema, () => this.client.read(path));
  }

  /** For an empty list Vault answers 404 without a word, which node-vault throws; here it is the reply `{}`. */
  list<T>(path: string, purpose: string, schema: ZodType<T>): Promise<T> {
    return this.ask({ method: 'LIST', path, purpose }, schema, () =>
      this.client.list(path).catch((thrown: unknown) => {
        if (isEmptyList(thrown)) return {};
        throw thrown;
      }),
    );
  }

  write<T>(path: string, purpose: string, data: object, schema: ZodType<T>): Promise<T> {
    return this.ask({ method: 'POST', path, purpose }, schema, () => this.client.write(path, data));
  }

  /** Changes the named fields and leaves the others; node-vault sets the content type that Vault insists on. */
  patch<T>(path: string, purpose: string, data: object, schema: ZodType<T>): Promise<T> {
    return this.ask({ method: 'PATCH', path, purpose }, schema, () => this.client.update(path, data));
  }

  delete<T>(path: string, purpose: string, schema: ZodType<T>): Promise<T> {
    return this.ask({ method: 'DELETE', path, purpose }, schema, () => this.client.delete(path));
  }

  private async ask<T>(question: Question, schema: ZodType<T>, send: () => Promise<unknown>): Promise<T> {
    let reply: unknown;
    try {
      reply = await within(this.timeoutMilliseconds, send());
    } catch (thrown) {
      // No `cause`: it would carry the token along.
      throw explainFailure(thrown, question, this.place);
    }
    const parsed = schema.safeParse(reply);
    if (!parsed.success) throw unreadableReply(question, this.place, parsed.error.issues);
    return parsed.data;
  }
}

function createClient(place: VaultPlace, timeout: number): NodeVault.client {
  const client = NodeVault({
    // GET with ?list=1: servers and proxies on Node, and many firewalls, refuse the method LIST.
    noCustomHTTPVerbs: true,
    // node-vault would otherwise print request bodies for whoever sets DEBUG.
    debug: () => {},
    requestOptions: {
      timeout,
      // Said out loud, because VAULT_SKIP_VERIFY, set to anything, would turn verification off.
      strictSSL: true,
      ...(place.serverCaPem === null ? {} : { ca: place.serverCaPem }),
      ...(place.address.startsWith('https:') ? { httpAgent: new PlainTextRefused() } : {}),
    },
  });
  // Set afterwards, because node-vault replaces an empty value by VAULT_TOKEN, VAULT_NAMESPACE or VAULT_PREFIX.
  return Object.assign(client, {
    endpoint: place.address.replace(/\/+$/, ''),
    token: place.token.reveal(),
    namespace: place.namespace,
    pathPrefix: '',
  });
}

/** Stops a redirect from https to http, which would send the token in clear (a standby's misset `api_addr`). */
class PlainTextRefused extends Agent {
  override createConnection(): never {
    throw new Error('Vault redirects to plain http; correct its api_addr');
  }
}

/** axios' own timeout starts anew with every byte: a reply that drips would never end. */
async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${milliseconds / 1000} s`)), milliseconds);
  });
  try {
    return await Promise.race([work, deadline]);
  } finally {
    clearTimeout(timer);
  }
}

function isEmptyList(thrown: unknown): boolean {
  const { response } = thrown as { response?: { statusCode?: unknown; body?: { errors?: unknown } } };
  return (
    response?.statusCode === 404 && Array.isArray(response.body?.errors) && response.body.errors.length === 0
  );
}
