import { absolutePath } from './configuration-path.js';
import type { Directive, NginxConfig } from './directive.js';
import { inherited, Scope } from './scope.js';

/** `ssl_verify_depth` in `src/http/modules/ngx_http_ssl_module.c` and its stream twin. */
const DEFAULT_DEPTH = 1;

/** `ssl_verify_client` as nginx knows it. */
export type VerifyClient = 'on' | 'off' | 'optional' | 'optional_no_ca';

/** How one `server` block trusts clients, with what it inherits from `http` (or `stream`) put in. */
export interface TrustContext {
  readonly protocol: 'http' | 'stream';
  readonly file: string;
  /** Line of the word `server`. */
  readonly line: number;
  /** First argument of every `listen`, such as `127.0.0.1:443`; empty when nginx's default applies. */
  readonly listens: readonly string[];
  /** The listener speaks TLS: `listen ... ssl`, `listen ... quic`, or `ssl on`. */
  readonly tls: boolean;
  readonly serverNames: readonly string[];
  /** `ssl_client_certificate` as an absolute path, or null. */
  readonly clientCertificate: string | null;
  /** `ssl_trusted_certificate`: nginx trusts it for clients as well (measured). */
  readonly trustedCertificate: string | null;
  /** `ssl_crl` */
  readonly crl: string | null;
  readonly verifyClient: VerifyClient;
  /** `ssl_verify_depth`, 1 unless set. */
  readonly verifyDepth: number;
  /** `@SECLEVEL` of `ssl_ciphers` or of `ssl_conf_command CipherString`, 0 to 5; null where OpenSSL's own applies. */
  readonly securityLevel: number | null;
}

/** Every `server` block of http and stream, in the order nginx reads them. */
export function trustContexts(config: NginxConfig): TrustContext[] {
  const main = new Scope(config.directives);
  return (['http', 'stream'] as const).flatMap((protocol) =>
    main.blocks(protocol).flatMap((block) => {
      const outer = Scope.of(block);
      return outer
        .blocks('server')
        .map((server) => trustContext(protocol, [outer, Scope.of(server)], server, config.prefix));
    }),
  );
}

function trustContext(
  protocol: 'http' | 'stream',
  scopes: readonly [outer: Scope, own: Scope],
  server: Directive,
  prefix: string,
): TrustContext {
  const own = scopes[1];
  const value = (name: string): string | null => inherited(scopes, name)[0]?.args[0] ?? null;
  const path = (name: string): string | null => {
    const given = value(name);
    // An empty path switches the directive off, as `ssl_crl ""` in a server under an http that sets one.
    return given === null || given === '' ? null : absolutePath(given, prefix);
  };
  const listens = own.named('listen');
  return {
    protocol,
    file: server.file,
    line: server.line,
    listens: listens.map((listen) => listen.args[0] ?? ''),
    tls: value('ssl') === 'on' || listens.some(speaksTls),
    serverNames: own.named('server_name').flatMap((directive) => directive.args),
    clientCertificate: path('ssl_client_certificate'),
    trustedCertificate: path('ssl_trusted_certificate'),
    crl: path('ssl_crl'),
    verifyClient: verifyClient(value('ssl_verify_client')),
    verifyDepth: verifyDepth(value('ssl_verify_depth')),
    securityLevel: securityLevel(cipherStrings(scopes)),
  };
}

function speaksTls(listen: Directive): boolean {
  return listen.args.some((arg) => arg === 'ssl' || arg === 'quic');
}

function verifyClient(value: string | null): VerifyClient {
  return value === 'on' || value === 'optional' || value === 'optional_no_ca' ? value : 'off';
}

function verifyDepth(value: string | null): number {
  return value !== null && /^\d+$/.test(value) ? Number(value) : DEFAULT_DEPTH;
}

/** In the order in which nginx gives them to OpenSSL: ssl_conf_command comes last. */
function cipherStrings(scopes: readonly Scope[]): string[] {
  const commands = inherited(scopes, 'ssl_conf_command')
    .filter(({ args }) => args[0]?.toLowerCase() === 'cipherstring')
    .map(({ args }) => args[1] ?? '');
  return [
    ...inherited(scopes, 'ssl_ciphers')
      .slice(0, 1)
      .map(({ args }) => args[0] ?? ''),
    ...commands,
  ];
}

/** A string without a level leaves the one before it (ciphers(1)). */
function securityLevel(strings: readonly string[]): number | null {
  const levels = strings.flatMap((text) => [...text.matchAll(/@SECLEVEL=([0-5])/g)]);
  const last = levels.at(-1)?.[1];
  return last === undefined ? null : Number(last);
}
