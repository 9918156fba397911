import type { Directive } from './directive.js';

/** One `listen` of a server, as ngx_http_core_module and ngx_stream_core_module read it. */
export interface Listen {
  /** Null for the `*:80` of a server that names none. */
  readonly directive: Directive | null;
  /** Address and port as nginx tells sockets apart, such as `*:443`, `[::]:443`, `10.0.0.7:80`, `unix:/run/n`. */
  readonly socket: string;
  /** `ssl` or `quic` is among its parameters. */
  readonly tls: boolean;
  readonly isDefault: boolean;
}

const DEFAULT_PORT = '80';

export function listenOf(directive: Directive): Listen {
  const [address = '', ...parameters] = directive.args;
  return {
    directive,
    socket: socketOf(address),
    tls: [address, ...parameters].some((one) => one === 'ssl' || one === 'quic'),
    // `default` is what nginx called it before 0.8.21, and still takes.
    isDefault: parameters.some((one) => one === 'default_server' || one === 'default'),
  };
}

/** What applies to a server of http without any `listen`. */
export const NO_LISTEN: Listen = {
  ...{ directive: null, socket: `*:${DEFAULT_PORT}`, tls: false, isDefault: false },
};

function socketOf(address: string): string {
  if (address.startsWith('unix:')) return address;
  if (/^[\d-]+$/.test(address)) return `*:${address}`;
  const [, host = address, port = DEFAULT_PORT] = /^(\[[^\]]*\]|[^:]*)(?::([\d-]+))?$/.exec(address) ?? [];
  return `${host === '0.0.0.0' ? '*' : host.toLowerCase()}:${port}`;
}
