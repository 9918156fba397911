import { absolutePath } from './configuration-path.js';
import type { Directive } from './directive.js';
import { type Listen, listenOf, NO_LISTEN } from './listen.js';
import { inherited, Scope } from './scope.js';
import type { VerifyClient } from './trust-context.js';

/** A place that answers requests, or an `if` in one: nginx gives each a configuration of its own. */
export interface EffectiveLocation {
  readonly directive: Directive;
  /** From http to the location itself. */
  readonly scopes: readonly Scope[];
}

const INNER_BLOCKS = ['location', 'if', 'limit_except'];

/** One server with nginx's inheritance worked in: what is asked of it is what nginx would do. */
export class EffectiveServer {
  readonly own: Scope;
  readonly scopes: readonly Scope[];
  readonly listens: readonly Listen[];
  readonly locations: readonly EffectiveLocation[];

  constructor(
    readonly protocol: 'http' | 'stream',
    readonly outer: Scope,
    readonly directive: Directive,
    private readonly prefix: string,
    tlsSockets: ReadonlySet<string> = new Set(),
  ) {
    this.own = Scope.of(directive);
    this.scopes = [outer, this.own];
    // One listen with ssl is enough for all servers of a socket (ngx_http_add_addresses).
    const listens = this.own
      .named('listen')
      .map(listenOf)
      .map((listen) => ({ ...listen, tls: listen.tls || tlsSockets.has(listen.socket) }));
    this.listens = listens.length === 0 && protocol === 'http' ? [NO_LISTEN] : listens;
    this.locations = protocol === 'http' ? locationsIn(this.scopes) : [];
  }

  /** The directive that applies, or null for nginx's default. */
  one(name: string): Directive | null {
    return inherited(this.scopes, name)[0] ?? null;
  }

  value(name: string): string | null {
    return this.one(name)?.args[0] ?? null;
  }

  /** A file that a directive names, as an absolute path; null when unset, and for `""`, which unsets it. */
  path(name: string): string | null {
    const given = this.value(name);
    return given === null || given === '' ? null : absolutePath(given, this.prefix);
  }

  /** True when the directive stands in the server itself, and is not inherited. */
  owns(directive: Directive | null): boolean {
    return directive !== null && this.own.directives.includes(directive);
  }

  get tls(): boolean {
    return this.value('ssl') === 'on' || this.listens.some(({ tls }) => tls);
  }

  get verify(): VerifyClient {
    const value = this.value('ssl_verify_client');
    return value === 'on' || value === 'optional' || value === 'optional_no_ca' ? value : 'off';
  }

  /** Clients are asked for a certificate. */
  get asks(): boolean {
    return this.tls && this.verify !== 'off' && !this.rejects;
  }

  /** It ends every handshake: nobody gets a request through. */
  get rejects(): boolean {
    return this.value('ssl_reject_handshake') === 'on';
  }

  /** `ssl_verify_depth`, 1 unless set. */
  get depth(): number {
    const value = this.value('ssl_verify_depth');
    return value !== null && /^\d+$/.test(value) ? Number(value) : 1;
  }

  /** Everything that decides which clients get in; equal for servers that let the same ones in. */
  get trust(): string {
    if (!this.asks) return 'nobody is asked';
    const files = ['ssl_client_certificate', 'ssl_trusted_certificate', 'ssl_crl'].map((name) =>
      this.path(name),
    );
    return JSON.stringify([this.verify, this.depth, ...files]);
  }

  /** The name that a person would call it by. */
  get title(): string {
    const [name] = this.own.first('server_name')?.args ?? [];
    return name === undefined || name === '_' || name === '' ? 'this server' : `server ${name}`;
  }
}

/** The tree is bounded by MAX_NESTING, so is the recursion. */
function locationsIn(scopes: readonly Scope[]): EffectiveLocation[] {
  const inner = scopes.at(-1);
  if (inner === undefined) return [];
  return INNER_BLOCKS.flatMap((name) => inner.blocks(name)).flatMap((directive) => {
    const all = [...scopes, Scope.of(directive)];
    return [{ directive, scopes: all }, ...locationsIn(all)];
  });
}
