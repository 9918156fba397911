import { isIP, type LookupFunction } from 'node:net';
import { PortError } from '#engine';
import type { AllowedAddresses } from './allowed-addresses.js';

/** All addresses of a name. */
export type Resolve = (
  name: string,
) => Promise<readonly { readonly address: string; readonly family: number }[]>;

/** Longest URL that is taken. */
const LONGEST_URL = 2_048;

/** The URL, or PortError `webhook.url-refused` with what is wrong. What it says of a name is judged when it is dialled. */
export function targetOf(text: string, allowed: AllowedAddresses): URL {
  const url = URL.canParse(text) && text.length <= LONGEST_URL ? new URL(text) : null;
  if (url === null) throw urlRefused('it is no URL of at most 2048 characters');
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw urlRefused('it is neither https nor http');
  if (url.username !== '' || url.password !== '') throw urlRefused('it holds a user or a password');
  if (url.hash !== '') throw urlRefused('it has a fragment');
  const host = hostOf(url);
  const literal = isIP(host) !== 0;
  if (literal) requireAllowed(host, [host], allowed);
  const named = literal ? allowed.isNamed(host) : allowed.any;
  if (url.protocol === 'http:' && !named) throw urlRefused('it is not https');
  return url;
}

/** Without the brackets of an IPv6 address. */
export function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[(.*)\]$/, '$1');
}

/**
 * Looks the name up once, judges every address, and returns a lookup that gives exactly these: what the name says a
 * moment later can lead nowhere else. Throws PortError `webhook.address-refused`, `webhook.url-refused`.
 */
export async function pinned(url: URL, allowed: AllowedAddresses, resolve: Resolve): Promise<LookupFunction> {
  const host = hostOf(url);
  const family = isIP(host);
  const found = family === 0 ? await resolve(host) : [{ address: host, family }];
  const addresses = found.map(({ address }) => address);
  requireAllowed(host, addresses, allowed);
  const plain = url.protocol === 'http:';
  if (plain && !addresses.every((address) => allowed.isNamed(address))) throw urlRefused('it is not https');
  return (_name, options, callback) => {
    const [first] = found;
    if (first === undefined) return callback(new Error('the name has no address'), '', 0);
    if (options.all) return callback(null, [...found]);
    return callback(null, first.address, first.family);
  };
}

/** One address that is refused is enough: whoever gives it may give only that one the next time. */
function requireAllowed(host: string, addresses: readonly string[], allowed: AllowedAddresses): void {
  if (addresses.length === 0) throw unresolved(host);
  for (const address of addresses) {
    const refusal = allowed.refusal(address);
    if (refusal !== null) throw addressRefused(host, address, refusal);
  }
}

export function unresolved(host: string): PortError {
  return new PortError(
    {
      code: 'webhook.unreachable',
      message: `The name ${host} has no address.`,
      nextStep: 'Check the name in the URL, and the resolver of the worker.',
    },
    { transient: true },
  );
}

function addressRefused(host: string, address: string, range: string): PortError {
  const name = host === address ? '' : `${host} is at `;
  return new PortError({
    code: 'webhook.address-refused',
    message: `Nothing is sent there: ${name}${address}, which is ${range}, not an address of the internet.`,
    nextStep: 'Use a public address, or let the operator allow the range in WINDLASS_WEBHOOK_ALLOWED_RANGES.',
  });
}

function urlRefused(why: string): PortError {
  return new PortError({
    code: 'webhook.url-refused',
    message: `The URL of the webhook cannot be used: ${why}.`,
    nextStep:
      'Give an https URL; http only leads to ranges that the operator allowed in WINDLASS_WEBHOOK_ALLOWED_RANGES.',
  });
}
