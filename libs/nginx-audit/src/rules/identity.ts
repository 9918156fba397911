import type { ConfigView } from '../config-view.js';
import type { Directive } from '../directive.js';
import { behind, withArguments, withWord } from '../edits.js';
import { type Handover, handoversOf, headerKey, saysWho, targetOf } from '../identity-headers.js';
import { type Fix, nginxDocs, type Rule, sslDocs } from '../rule.js';

const SET_HEADER = nginxDocs('http/ngx_http_proxy_module', 'proxy_set_header');
const IDENTITY_NAME =
  /^(x-)?((ssl|tls|mtls|x509|forwarded)-)?client-(certificate|cert|verified|verify|s-dn|i-dn|dn|cn|serial|fingerprint|subject|issuer)/;

const forgeable: Rule = {
  id: 'identity-header-forgeable',
  title: 'A client can send the header that tells the upstream who it is',
  severity: 'error',
  does: 'nginx hands on every header of the client that the configuration does not set. proxy_set_header is inherited only by a location that has none of its own: one single line there drops all that the server sets.',
  matters:
    'The upstream believes a header such as X-SSL-Client-S-DN. Where one of the ways to it does not set that header, the client writes it.',
  remedy:
    'Set every identity header in every location that leads to this upstream; set it to "" where nobody was verified.',
  references: [SET_HEADER, sslDocs('var_ssl_client_verify')],
  *check(view) {
    const handovers = handoversOf(view.servers);
    const trusted = trustedHeaders(handovers);
    for (const handover of handovers) {
      const set = new Set(handover.headers.map(({ args }) => headerKey(args[0] ?? '')));
      const missing = (trusted.get(targetOf(handover)) ?? []).filter(
        (header) => !set.has(headerKey(header.args[0] ?? '')),
      );
      if (missing.length === 0) continue;
      const names = missing.map(({ args }) => args[0]).join(', ');
      yield {
        at: handover.pass,
        message: `here the client's own ${names} reach${missing.length === 1 ? 'es' : ''} ${targetOf(handover)}, which elsewhere gets ${missing.length === 1 ? 'it' : 'them'} from nginx`,
        related: missing,
        fix: setting(view, handover, missing),
      };
    }
  },
};

/** More names than this no configuration has; a finding that lists them helps nobody. */
const MAX_NAMES = 50;

/** The identity headers that each upstream gets from nginx anywhere, one directive for each name. */
function trustedHeaders(handovers: readonly Handover[]): Map<string, Directive[]> {
  const found = new Map<string, Map<string, Directive>>();
  for (const handover of handovers) {
    const target = targetOf(handover);
    const known = found.get(target) ?? new Map<string, Directive>();
    for (const header of handover.headers.filter(saysWho)) {
      const key = headerKey(header.args[0] ?? '');
      if (!known.has(key) && known.size < MAX_NAMES) known.set(key, header);
    }
    found.set(target, known);
  }
  return new Map([...found].map(([target, known]) => [target, [...known.values()]]));
}

/** The same lines where clients are verified, empty ones where they are not. */
function setting(view: ConfigView, handover: Handover, missing: readonly Directive[]): Fix {
  const { setter, server } = handover;
  const lines = missing.map((header) => {
    const source = view.source(header.file);
    const [, name, value] = header.words;
    const text = (word: typeof name) => (word === undefined ? '' : source.slice(word.start, word.end));
    return `${setter} ${text(name)} ${server.asks ? text(value) : '""'};`;
  });
  return { title: 'Set them here too', edits: [addHeaders(view, handover, lines)] };
}

/** Beside the headers that apply there, since any other place would drop those. */
function addHeaders(view: ConfigView, { headers, pass }: Handover, lines: readonly string[]) {
  return behind(view, headers.at(-1) ?? pass, lines);
}

const missingHeaders: Rule = {
  id: 'identity-header-missing',
  title: 'The upstream is not told who the client is',
  severity: 'note',
  does: 'nginx ends TLS: the upstream sees neither the certificate nor whether it was verified unless headers say so.',
  matters: 'An application that looks for such a header finds what the client sent in it, or nothing to log.',
  remedy:
    'Set headers from $ssl_client_verify, $ssl_client_s_dn and $ssl_client_escaped_cert; each replaces what the client sent.',
  references: [SET_HEADER, sslDocs('var_ssl_client_escaped_cert')],
  *check(view) {
    const handovers = handoversOf(view.servers);
    const trusted = trustedHeaders(handovers);
    for (const handover of handovers) {
      const { server, headers, pass, setter } = handover;
      // Where other ways to this upstream tell it, identity-header-forgeable has more to say.
      const isTold = (trusted.get(targetOf(handover)) ?? []).length > 0;
      if (!server.asks || isTold || headers.some(saysWho)) continue;
      const lines = [
        `${setter} X-SSL-Client-Verify $ssl_client_verify;`,
        `${setter} X-SSL-Client-S-DN $ssl_client_s_dn;`,
        `${setter} X-SSL-Client-Cert $ssl_client_escaped_cert;`,
      ];
      yield {
        at: pass,
        message: `${server.title} verifies clients and does not tell ${targetOf(handover)} who they are`,
        fix: { title: 'Tell the upstream', edits: [addHeaders(view, handover, lines)] },
      };
    }
  },
};

const fromClient: Rule = {
  id: 'identity-header-from-client',
  title: "An identity header is set from the client's own",
  severity: 'error',
  does: '$http_name is the header that the client sent, whoever it is.',
  matters: 'The upstream takes for verified what the client wrote.',
  remedy: 'Set it from $ssl_client_..., or to "".',
  references: [SET_HEADER, nginxDocs('http/ngx_http_core_module', 'var_http_')],
  *check(view) {
    for (const { headers, setter } of handoversOf(view.servers)) {
      for (const header of headers) {
        const [name = '', value = ''] = header.args;
        if (!IDENTITY_NAME.test(headerKey(name)) || !value.includes('$http_')) continue;
        yield {
          at: header,
          message: `${setter} ${name} hands on what the client sent in ${value}`,
          fix: { title: 'Clear it', edits: [withArguments(header, '""', 2)] },
        };
      }
    }
  },
};

const rawCertificate: Rule = {
  id: 'identity-certificate-raw',
  title: 'The certificate is handed on with its line breaks',
  severity: 'warning',
  does: '$ssl_client_cert holds line breaks with tabs behind them, $ssl_client_raw_cert bare ones. $ssl_client_escaped_cert (1.13.5) has none.',
  matters:
    'Servers refuse such headers since folding was dropped from HTTP; a bare line break lets the rest be read as headers of its own.',
  remedy: 'Use $ssl_client_escaped_cert, and decode it in the application.',
  references: [
    sslDocs('var_ssl_client_escaped_cert'),
    { title: 'RFC 9112, section 5.2', url: 'https://www.rfc-editor.org/rfc/rfc9112#section-5.2' },
  ],
  *check(view) {
    for (const { headers } of handoversOf(view.servers)) {
      for (const header of headers) {
        const value = header.args[1] ?? '';
        const raw =
          /\$(ssl_client_cert|ssl_client_raw_cert)\b|\$\{(ssl_client_cert|ssl_client_raw_cert)\}/.exec(value);
        if (raw === null) continue;
        yield {
          at: header,
          message: `${raw[0]} in a header has line breaks`,
          severity: raw[0].includes('raw') ? 'error' : 'warning',
          fix:
            value === raw[0]
              ? {
                  title: 'Use $ssl_client_escaped_cert',
                  edits: withWord(header, 2, '$ssl_client_escaped_cert'),
                }
              : null,
        };
      }
    }
  },
};

const underscores: Rule = {
  id: 'underscores-in-headers',
  title: 'Clients may send headers with underscores',
  severity: 'warning',
  does: 'With underscores_in_headers on, nginx hands X_SSL_Client_Verify on, and does not replace it by the X-SSL-Client-Verify that it sets.',
  matters: 'CGI, WSGI and the like read both as HTTP_X_SSL_CLIENT_VERIFY; which one wins is chance.',
  remedy: 'Leave it off, its default.',
  references: [nginxDocs('http/ngx_http_core_module', 'underscores_in_headers')],
  *check(view) {
    for (const { server, headers } of handoversOf(view.servers)) {
      const at = server.one('underscores_in_headers');
      if (at?.args[0] !== 'on' || !headers.some(saysWho)) continue;
      yield {
        at,
        message: `${server.title} tells upstreams who the client is, and takes headers with underscores, which can stand for the same name`,
        fix: { title: 'Switch it off', edits: [withArguments(at, 'off')] },
      };
    }
  },
};

export const IDENTITY_RULES: readonly Rule[] = [
  ...[forgeable, missingHeaders, fromClient, rawCertificate, underscores],
];
