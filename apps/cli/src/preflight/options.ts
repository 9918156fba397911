import { parseArgs } from 'node:util';
import { type OutputFormat, outputFormat } from '../server/output-format.js';

export const PREFLIGHT_USAGE = `windlass preflight --bundle FILE --client FILE [--client FILE ...]

Says what nginx would do with these clients if FILE were its ssl_client_certificate, before anything is changed.
Exit code 0: everything is as it should be; 1: it is not; 2: it could not be asked.

  windlass preflight --bundle new-ca.pem --client pos.pem --client app.pem --refused old.pem && nginx -s reload

  --bundle FILE    the bundle to try (ssl_client_certificate)
  --before FILE    the bundle of today: says what changes
  --client FILE    a client that must get in: its certificate, and behind it what else it sends; keys are passed over
  --refused FILE   a client that must not get in
  --config FILE    nginx.conf of this machine: tested with the bundle in place of every one that it names, and the
                   source of depth, trusted file and CRLs of each server (needs nginx, and root to try the bundle)
  --depth N        ssl_verify_depth, 1 when left out; not beside --config
  --trusted FILE   ssl_trusted_certificate; not beside --config
  --crl FILE       ssl_crl; not beside --config
  --known FILE     CA certificates to look for advice in, such as all that your PKI has; may be given more than once
  --nginx BINARY   nginx by default
  --openssl BINARY openssl by default: take the one that nginx is linked to
  -o, --output FORMAT  table (default), json or yaml; --json is the same as -o json
`;

export const PREFLIGHT_OPTIONS = {
  bundle: { type: 'string' },
  before: { type: 'string' },
  client: { type: 'string', multiple: true },
  refused: { type: 'string', multiple: true },
  config: { type: 'string' },
  depth: { type: 'string' },
  trusted: { type: 'string' },
  crl: { type: 'string' },
  known: { type: 'string', multiple: true },
  nginx: { type: 'string', default: 'nginx' },
  openssl: { type: 'string', default: 'openssl' },
  output: { type: 'string', short: 'o', default: 'table' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

export interface PreflightOptions {
  readonly bundle: string;
  readonly before: string | null;
  readonly clients: readonly string[];
  readonly refused: readonly string[];
  readonly known: readonly string[];
  readonly config: string | null;
  readonly depth: number;
  readonly trusted: string | null;
  readonly crl: string | null;
  readonly nginx: string;
  readonly openssl: string;
  readonly format: OutputFormat;
}

/** Null when help is asked for. Throws RangeError or TypeError that names the word which makes no sense. */
export function preflightOptions(args: readonly string[]): PreflightOptions | null {
  const { values } = parseArgs({ args: [...args], options: PREFLIGHT_OPTIONS });
  if (values.help) return null;
  const { bundle, client = [], refused = [], known = [], config = null } = values;
  if (bundle === undefined) throw new RangeError('--bundle is missing');
  if (client.length + refused.length === 0) {
    throw new RangeError('no client is given: name one at least with --client or --refused');
  }
  const beside = (['depth', 'trusted', 'crl'] as const).find((name) => values[name] !== undefined);
  if (config !== null && beside !== undefined) {
    throw new RangeError(`--${beside} is read from the configuration: leave it out beside --config`);
  }
  const { before = null, trusted = null, crl = null, nginx, openssl, json, output } = values;
  return {
    ...{ bundle, before, refused, known, config, trusted, crl, nginx, openssl },
    format: json ? 'json' : outputFormat(output),
    clients: client,
    depth: depthIn(values.depth ?? '1'),
  };
}

function depthIn(text: string): number {
  if (!/^\d{1,3}$/.test(text)) throw new RangeError(`--depth must be a whole number from 0, not "${text}"`);
  return Number(text);
}
