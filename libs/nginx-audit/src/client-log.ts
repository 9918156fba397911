import { absolutePath } from './configuration-path.js';
import type { Directive, NginxConfig } from './directive.js';

/** Variables of a client log, in the words of this library. */
const COLUMNS = {
  msec: 'time',
  ssl_client_verify: 'verify',
  ssl_client_serial: 'serial',
  ssl_client_i_dn: 'issuer',
  ssl_client_s_dn: 'subject',
} as const;
export type ClientLogColumn = (typeof COLUMNS)[keyof typeof COLUMNS];

/** Number of the column, 1 for the first; they are separated by tabs. */
export type ClientLogFormat = Readonly<Record<ClientLogColumn, number>>;

/** How an access log tells which client certificates were used, or why it does not tell all of them. */
export type ClientLog =
  | { readonly kind: 'readable'; readonly format: ClientLogFormat }
  | { readonly kind: 'unknown'; readonly because: string };

/** What to write into the configuration, for people. */
export const CLIENT_LOG_FORMAT =
  "log_format windlass_clients '$msec\\t$ssl_client_verify\\t$ssl_client_serial\\t$ssl_client_i_dn\\t$ssl_client_s_dn';";

/**
 * Reads from the configuration how the access log at `path` (absolute) is written, and whether every request of
 * every server that trusts one of the `managed` files is in it: a client that leaves no trace would be taken for
 * gone (`ngx_http_log_module`).
 */
export function clientLogOf(config: NginxConfig, path: string, managed: readonly string[]): ClientLog {
  const outers = config.directives.filter(({ name }) => name === 'http' || name === 'stream');
  const servers = outers.flatMap((outer) =>
    (outer.block ?? [])
      .filter(({ name, block }) => name === 'server' && block !== null)
      .map((server) => ({ outer, server })),
  );
  const ours = servers.filter(({ outer, server }) => trusts(config, outer, server, managed));
  const gaps = ours.flatMap(({ outer, server }) => gapsOf(config, path, outer, server));
  if (gaps[0] !== undefined) return unknown(gaps[0]);
  const formats = new Set(
    ours.flatMap(({ outer, server }) => logsOf(config, path, outer, server).map(formatOf)),
  );
  const [name, ...others] = formats;
  if (name === undefined) return unknown('no server trusts a managed file');
  if (others.length > 0)
    return unknown(`${path} is written in more than one format: ${[...formats].join(', ')}`);
  return readFormat(config, name);
}

function trusts(
  config: NginxConfig,
  outer: Directive,
  server: Directive,
  managed: readonly string[],
): boolean {
  const given = (server.block ?? []).find(isBundle) ?? (outer.block ?? []).find(isBundle);
  const file = given?.args[0] ?? '';
  return file !== '' && managed.includes(absolutePath(file, config.prefix));
}

function isBundle({ name }: Directive): boolean {
  return name === 'ssl_client_certificate';
}

/** A level that has any `access_log` inherits none. */
function logsOf(
  config: NginxConfig,
  path: string,
  outer: Directive,
  server: Directive,
): readonly Directive[] {
  const own = named(server.block ?? [], 'access_log');
  const all = own.length > 0 ? own : named(outer.block ?? [], 'access_log');
  return writes(config, all, path) ? all.filter((log) => isAt(config, log, path)) : [];
}

/** `off` switches off whatever else its level says. */
function writes(config: NginxConfig, level: readonly Directive[], path: string): boolean {
  return level.some((log) => isAt(config, log, path)) && !level.some(({ args }) => args[0] === 'off');
}

function gapsOf(config: NginxConfig, path: string, outer: Directive, server: Directive): string[] {
  const place = `the server at ${server.file}:${server.line}`;
  if (outer.name === 'stream') return [`${place} is one of stream, whose log is not read`];
  const logs = logsOf(config, path, outer, server);
  if (logs.length === 0) return [`${place} does not write ${path}`];
  const partial = logs.find(({ args }) => args.some((word) => /^(if|gzip)(=|$)/.test(word)));
  if (partial !== undefined) {
    return [`the access_log at ${partial.file}:${partial.line} is compressed, or leaves requests out (if=)`];
  }
  return insideOf(server)
    .filter(({ block }) => block !== null)
    .filter(({ block }) => {
      const own = named(block ?? [], 'access_log');
      return own.length > 0 && !writes(config, own, path);
    })
    .map(({ name, file, line }) => `the ${name} at ${file}:${line} does not write ${path}`);
}

/** Every directive below, at any depth. */
function insideOf(server: Directive): readonly Directive[] {
  const found: Directive[] = [];
  for (const waiting = [...(server.block ?? [])]; waiting.length > 0; ) {
    const next = waiting.pop();
    if (next === undefined) break;
    found.push(next);
    waiting.push(...(next.block ?? []));
  }
  return found;
}

function isAt({ prefix }: NginxConfig, { args }: Directive, path: string): boolean {
  return args[0] !== undefined && absolutePath(args[0], prefix) === path;
}

function formatOf({ args }: Directive): string {
  const name = args[1] ?? 'combined';
  return name.includes('=') ? 'combined' : name;
}

function readFormat(config: NginxConfig, name: string): ClientLog {
  const formats = config.directives
    .filter((directive) => directive.name === 'http')
    .flatMap(({ block }) => named(block ?? [], 'log_format'));
  const found = formats.find(({ args }) => args[0] === name);
  if (found === undefined)
    return unknown(`format ${name} does not name the client; use ${CLIENT_LOG_FORMAT}`);
  const parts = found.args.slice(1);
  // Without escapes a client could write columns of its own into its name.
  if (parts.includes('escape=none')) return unknown(`format ${name} has escape=none`);
  const columns = parts
    .filter((part) => !part.startsWith('escape='))
    .join('')
    .split('\t');
  const at = (variable: string) =>
    1 + columns.findIndex((column) => column === `$${variable}` || column === `\${${variable}}`);
  const numbers = Object.entries(COLUMNS).map(([variable, column]) => [column, at(variable)] as const);
  const missing = Object.keys(COLUMNS).filter((variable) => at(variable) === 0);
  if (missing.length > 0) {
    const names = missing.map((variable) => `$${variable}`).join(', ');
    return unknown(`format ${name} has no column of its own for ${names}; use ${CLIENT_LOG_FORMAT}`);
  }
  return { kind: 'readable', format: Object.fromEntries(numbers) as ClientLogFormat };
}

function named(directives: readonly Directive[], name: string): readonly Directive[] {
  return directives.filter((directive) => directive.name === name);
}

function unknown(because: string): ClientLog {
  return { kind: 'unknown', because };
}
