import { type Socket, viewOf } from './config-view.js';
import type { Directive, NginxConfig } from './directive.js';
import type { EffectiveServer } from './effective-server.js';
import { NO_TRUST_FILES } from './trust-files.js';

/** TLS sessions of one server that a reload does not end by itself. */
export interface LastingSessions {
  /** As a person would call it, with file and line. */
  readonly server: string;
  /** Address and port, as nginx tells sockets apart. */
  readonly socket: string;
  /** The default server of that socket, with file and line. */
  readonly defaultServer: string;
  /** What of it keeps them, with file and line, such as `ssl_session_ticket_key (/etc/nginx/nginx.conf:12)`. */
  readonly kept: readonly string[];
  /**
   * The default server asks for the CAs of a managed file: another list of CA names ends them all. Where it does not,
   * nothing that is switched does.
   */
  readonly endByNames: boolean;
}

/**
 * Sessions are taken up with the keys, the cache and the session context of the default server of the socket, before
 * nginx looks at SNI (measured on 1.22.1, 1.26.3 and 1.28.3). They outlast a reload where their keys lie in a file, and
 * where a shared cache holds them: with tickets on too, for a client that offers none, and from 1.23.2 on for all, whose
 * ticket keys then lie in the cache. `managed`: absolute paths of the files that are switched.
 */
export function lastingSessions(config: NginxConfig, managed: readonly string[]): LastingSessions[] {
  const view = viewOf(config, { version: null, clientDepth: null, trustFiles: NO_TRUST_FILES });
  return view.sockets.filter(({ tls }) => tls).flatMap((socket) => onSocket(socket, managed));
}

function onSocket({ address, servers, defaultServer }: Socket, managed: readonly string[]) {
  const kept = keepers(defaultServer).map((one) => `${one.name} (${one.file}:${one.line})`);
  if (kept.length === 0) return [];
  const endByNames = asksForManaged(defaultServer, managed);
  return servers
    .filter((server) => asksForManaged(server, managed))
    .map((server) => ({
      ...{ server: placed(server), socket: address, defaultServer: placed(defaultServer), kept, endByNames },
    }));
}

function asksForManaged(server: EffectiveServer, managed: readonly string[]): boolean {
  const path = server.path('ssl_client_certificate');
  return server.asks && path !== null && managed.includes(path);
}

function keepers(server: EffectiveServer): readonly Directive[] {
  const tickets = server.value('ssl_session_tickets') !== 'off';
  const key = tickets ? server.one('ssl_session_ticket_key') : null;
  const cache = server.one('ssl_session_cache');
  const shared = cache?.args.some((kind) => kind.startsWith('shared:')) ? cache : null;
  return [key, shared].filter((one) => one !== null);
}

function placed({ title, directive }: EffectiveServer): string {
  return `${title} (${directive.file}:${directive.line})`;
}
