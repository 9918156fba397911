import type { Directive } from './directive.js';
import type { EffectiveServer } from './effective-server.js';
import { inherited, type Scope } from './scope.js';

/** A place that hands requests to an upstream, with the headers it sets on them. */
export interface Handover {
  readonly server: EffectiveServer;
  /** `proxy_pass` or `grpc_pass`. */
  readonly pass: Directive;
  /** `proxy_set_header` or `grpc_set_header`, as inheritance leaves them. */
  readonly headers: readonly Directive[];
  readonly scopes: readonly Scope[];
  readonly setter: string;
}

const WAYS = [
  ['proxy_pass', 'proxy_set_header', 'proxy_pass_request_headers'],
  ['grpc_pass', 'grpc_set_header', 'grpc_pass_request_headers'],
] as const;

const known = new WeakMap<readonly EffectiveServer[], readonly Handover[]>();

/**
 * Every place of the http servers that hands the client's own headers on as well. Six rules ask for them, of servers
 * that never change, so they are worked out once.
 */
export function handoversOf(servers: readonly EffectiveServer[]): readonly Handover[] {
  const found = known.get(servers) ?? findHandovers(servers);
  known.set(servers, found);
  return found;
}

function findHandovers(servers: readonly EffectiveServer[]): Handover[] {
  return servers
    .filter(({ protocol, rejects }) => protocol === 'http' && !rejects)
    .flatMap((server) =>
      server.locations.flatMap(({ scopes }) =>
        WAYS.flatMap(([passName, setter, forward]) => {
          const pass = scopes.at(-1)?.first(passName) ?? null;
          if (pass === null || inherited(scopes, forward)[0]?.args[0] === 'off') return [];
          return [{ server, pass, headers: inherited(scopes, setter), scopes, setter }];
        }),
      ),
    );
}

/** Servers of WSGI, CGI and the like make no difference between `-` and `_`, and none between cases. */
export function headerKey(name: string): string {
  return name.toLowerCase().replaceAll('_', '-');
}

/** The header carries something that nginx read from the client's certificate. */
export function saysWho(header: Directive): boolean {
  return (header.args[1] ?? '').includes('$ssl_client_');
}

/** Host and port, or the name of the upstream, that requests are handed to. */
export function targetOf({ pass }: Handover): string {
  return (pass.args[0] ?? '').replace(/^[a-z]+:\/\//, '').replace(/(^unix:[^:]*|^[^/]*).*$/s, '$1');
}
