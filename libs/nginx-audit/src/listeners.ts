import type { TrustContext } from './trust-context.js';

/** One name on one socket of nginx that asks clients for certificates of a managed bundle. */
export interface Listener {
  /** As in `listen`; null for every address of the host. IPv6 without its brackets. */
  readonly address: string | null;
  readonly port: number;
  /** A name of the server that a client may ask for by SNI; null when it has none that is one. */
  readonly serverName: string | null;
  /** File and line of the server. */
  readonly where: string;
}

/** `listen` in ngx_http_core_module: what applies when a server names no port, or no `listen` at all. */
const DEFAULT_PORT = 80;

/**
 * Where the servers that load one of these files can be asked for it. Sockets of the file system and ranges of
 * ports are left out: nobody outside can knock there, or at one place.
 */
export function listenersOf(contexts: readonly TrustContext[], files: readonly string[]): Listener[] {
  return contexts
    .filter(({ tls, verifyClient }) => tls && verifyClient !== 'off')
    .filter(({ clientCertificate }) => clientCertificate !== null && files.includes(clientCertificate))
    .flatMap(listenersAt);
}

/** Everywhere that a client may ask for a server by a name of it, whatever it trusts. */
export function namesOf(contexts: readonly TrustContext[]): Listener[] {
  return contexts.flatMap(listenersAt).filter(({ serverName }) => serverName !== null);
}

function listenersAt(context: TrustContext): Listener[] {
  const listens = context.listens.length > 0 ? context.listens : [String(DEFAULT_PORT)];
  return listens.flatMap((listen) => listenerAt(context, listen));
}

function listenerAt({ serverNames, file, line }: TrustContext, listen: string): Listener[] {
  const place = parseListen(listen);
  if (place === null) return [];
  const serverName = serverNames.find((name) => /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(name)) ?? null;
  return [{ ...place, serverName, where: `${file}:${line}` }];
}

function parseListen(listen: string): Pick<Listener, 'address' | 'port'> | null {
  if (listen.startsWith('unix:')) return null;
  if (/^\d+$/.test(listen)) return { address: null, port: Number(listen) };
  const [, address = '', port = ''] = /^(\[[0-9a-f:.]+\]|[^:[\]]+)(?::(\d+))?$/i.exec(listen) ?? [];
  if (address === '' || /^\d+-\d+$/.test(address)) return null;
  const bare = address.replace(/^\[|\]$/g, '');
  return { address: ['*', '::', '0.0.0.0'].includes(bare) ? null : bare, port: Number(port || DEFAULT_PORT) };
}
