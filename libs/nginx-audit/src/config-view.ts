import type { NginxConfig } from './directive.js';
import { EffectiveServer } from './effective-server.js';
import { listenOf } from './listen.js';
import type { NginxVersion } from './nginx-version.js';
import { Scope } from './scope.js';
import { type Suppression, suppressionsIn } from './suppression.js';
import type { TrustFiles } from './trust-files.js';

/** The servers that share an address and a port, in nginx's order. */
export interface Socket {
  readonly protocol: 'http' | 'stream';
  readonly address: string;
  /** nginx speaks TLS on it: one `listen` that says so is enough for all. */
  readonly tls: boolean;
  readonly servers: readonly EffectiveServer[];
  /** It answers whoever names no server by SNI. */
  readonly defaultServer: EffectiveServer;
}

/** A configuration as the rules see it. */
export interface ConfigView {
  readonly config: NginxConfig;
  readonly main: Scope;
  /** There is a main context: not only a block that somebody pasted. */
  readonly isWhole: boolean;
  readonly servers: readonly EffectiveServer[];
  readonly sockets: readonly Socket[];
  readonly suppressions: readonly Suppression[];
  /** Null when nobody said. */
  readonly version: NginxVersion | null;
  /** Intermediates in the chains that clients really have; null when nobody said. */
  readonly clientDepth: number | null;
  readonly trustFiles: TrustFiles;
  /** Text of a file of the configuration. */
  source(file: string): string;
  /** How its lines end: LF, or CR LF. */
  eol(file: string): string;
}

export type ViewOptions = Pick<ConfigView, 'version' | 'clientDepth' | 'trustFiles'>;

export function viewOf(config: NginxConfig, options: ViewOptions): ConfigView {
  const main = new Scope(config.directives);
  const isWhole = ['http', 'stream', 'events', 'mail'].some((name) => main.blocks(name).length > 0);
  const servers = serversOf(config, main);
  const texts = new Map(config.files.map(({ path, content }) => [path, { content, eol: eolOf(content) }]));
  return {
    ...options,
    ...{ config, main, isWhole, servers, sockets: socketsOf(servers) },
    suppressions: config.files.flatMap(suppressionsIn),
    source: (file) => texts.get(file)?.content ?? '',
    eol: (file) => texts.get(file)?.eol ?? '\n',
  };
}

/** A `server` outside of http is one that was pasted or read alone: what stands beside it is its http. */
function serversOf({ prefix }: NginxConfig, main: Scope): EffectiveServer[] {
  const contexts = [
    ...(['http', 'stream'] as const).flatMap((protocol) =>
      main.blocks(protocol).map((block) => ({ protocol, outer: Scope.of(block) })),
    ),
    { protocol: 'http' as const, outer: main },
  ];
  return contexts.flatMap(({ protocol, outer }) => {
    const sockets = tlsSockets(contexts.flatMap((one) => (one.protocol === protocol ? [one.outer] : [])));
    return outer
      .blocks('server')
      .map((server) => new EffectiveServer(protocol, outer, server, prefix, sockets));
  });
}

/** Addresses that any server of these contexts speaks TLS on. */
function tlsSockets(outers: readonly Scope[]): ReadonlySet<string> {
  const listens = outers
    .flatMap((outer) => outer.blocks('server'))
    .flatMap(({ block }) => block ?? [])
    .filter(({ name, block }) => name === 'listen' && block === null);
  return new Set(listens.map(listenOf).flatMap(({ tls, socket }) => (tls ? [socket] : [])));
}

function socketsOf(servers: readonly EffectiveServer[]): Socket[] {
  const groups = new Map<string, { first: Pick<Socket, 'protocol' | 'address'>; all: EffectiveServer[] }>();
  for (const server of servers) {
    for (const { socket } of server.listens) {
      const key = `${server.protocol} ${socket}`;
      const group = groups.get(key) ?? { first: { protocol: server.protocol, address: socket }, all: [] };
      if (group.all.at(-1) !== server) group.all.push(server);
      groups.set(key, group);
    }
  }
  return [...groups.values()].map(({ first, all }) => ({
    ...{ ...first, servers: all, defaultServer: defaultOf(all, first.address) },
    tls: all.some(({ listens }) => listens.some(({ socket, tls }) => tls && socket === first.address)),
  }));
}

/** The one that says so, or the first that nginx read. */
function defaultOf(servers: readonly EffectiveServer[], address: string): EffectiveServer {
  const named = servers.find(({ listens }) =>
    listens.some(({ socket, isDefault }) => socket === address && isDefault),
  );
  const server = named ?? servers[0];
  if (server === undefined) throw new Error('a socket has a server');
  return server;
}

function eolOf(content: string): string {
  const newline = content.indexOf('\n');
  return newline > 0 && content[newline - 1] === '\r' ? '\r\n' : '\n';
}

/** What is said of a configuration that {@link isTooLarge}. */
export const TOO_LARGE_RULE = 'config-unreadable';

/** Places times the directives that each of them inherits of one name: more would take minutes. */
const MAX_WORK = 20_000_000;
const LISTS = [
  'error_page',
  'add_header',
  'proxy_set_header',
  'grpc_set_header',
  'listen',
  'server_name',
  'map',
];

/** True for a text in which thousands of places inherit thousands of lines each: nobody's configuration. */
export function isTooLarge({ servers }: Pick<ConfigView, 'servers'>): boolean {
  let work = 0;
  for (const { outer, own, locations } of servers) {
    const lines = LISTS.map((name) => outer.named(name).length + own.named(name).length);
    work += (locations.length + 1) * Math.max(...lines);
  }
  return work > MAX_WORK;
}
