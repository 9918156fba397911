import type { ConfigView } from '../config-view.js';
import type { Directive } from '../directive.js';
import { inServer, setInServer, withArguments } from '../edits.js';
import type { EffectiveServer } from '../effective-server.js';
import { guardIn, unguarded } from '../guards.js';
import { nginxDocs, type Report, type Rule, rfc, sslDocs } from '../rule.js';

const GUARD = ['if ($ssl_client_verify != SUCCESS) { return 403; }'];

/** Where a server's `ssl_verify_client` is decided, or the server where nothing says it. */
export function verifyPlace(server: EffectiveServer): Directive {
  return server.one('ssl_verify_client') ?? server.directive;
}

const verifyOff: Rule = {
  id: 'verify-off',
  title: 'A bundle is named, and nobody is asked for a certificate',
  severity: 'error',
  does: 'With ssl_verify_client off, its default, nginx asks no client for a certificate. It does not even load ssl_client_certificate.',
  matters:
    'Everybody gets in while the configuration looks as if it verified: the usual left-over of a debugging session.',
  remedy: 'Set ssl_verify_client on.',
  references: [sslDocs('ssl_verify_client'), rfc(8446, '4.4.2')],
  *check(view) {
    for (const server of view.servers.filter(({ tls, rejects }) => tls && !rejects)) {
      const bundle = server.one('ssl_client_certificate');
      if (bundle === null || server.path('ssl_client_certificate') === null || server.verify !== 'off')
        continue;
      const verify = server.one('ssl_verify_client');
      const isPublic = server.owns(verify) && !server.owns(bundle);
      yield {
        at: verify ?? (server.owns(bundle) ? bundle : server.directive),
        message: isPublic
          ? `${server.title} switches off the verification that it inherits: it lets everybody in`
          : `${server.title} names ${bundle.args[0]} and asks nobody for a certificate: it lets everybody in`,
        severity: isPublic ? 'warning' : 'error',
        related: [bundle],
        fix: isPublic ? null : turnOn(view, server),
      };
    }
  },
};

function turnOn(view: ConfigView, server: EffectiveServer) {
  const inheritedOne = server.one('ssl_verify_client');
  const edit =
    inheritedOne !== null && server.owns(inheritedOne)
      ? withArguments(inheritedOne, 'on')
      : setInServer(view, server, 'ssl_verify_client', 'on');
  return { title: 'Set ssl_verify_client on', edits: [edit] };
}

const OPTIONAL = {
  optional: 'a client without a certificate gets through to the application',
  optional_no_ca: 'a client with a certificate of any CA, or of none, gets through to the application',
} as const;

function* looseVerification(view: ConfigView, value: keyof typeof OPTIONAL): Iterable<Report> {
  for (const server of view.servers.filter(({ asks, verify }) => asks && verify === value)) {
    const open = server.protocol === 'stream' ? 'the whole server' : unguarded(server);
    if (open.length === 0 || (server.protocol === 'stream' && switchesByVerdict(server))) continue;
    const places = typeof open === 'string' ? [] : open.map(({ directive }) => directive);
    const isPartly = places.length > 0 && places.length < locationCount(server);
    yield {
      at: verifyPlace(server),
      message: isPartly
        ? `${server.title} has ssl_verify_client ${value}, and ${places.length} of its locations do not look at $ssl_client_verify: there ${OPTIONAL[value]}`
        : `${server.title} has ssl_verify_client ${value}, and nothing looks at $ssl_client_verify: ${OPTIONAL[value]}`,
      severity: isPartly ? 'warning' : 'error',
      related: places,
      // Without a bundle nginx refuses to load ssl_verify_client on.
      fix: isPartly || server.path('ssl_client_certificate') === null ? null : turnOn(view, server),
    };
  }
}

function locationCount({ locations }: EffectiveServer): number {
  return locations.filter(({ directive }) => directive.name === 'location').length;
}

/** `stream` has no `if`: a map of the verdict chooses where the connection goes. */
function switchesByVerdict({ outer, own }: EffectiveServer): boolean {
  const [target = ''] = own.first('proxy_pass')?.args ?? [];
  return outer
    .blocks('map')
    .some(({ args }) => args[0] === '$ssl_client_verify' && target.includes(args[1] ?? '\0'));
}

const verifyOptional: Rule = {
  id: 'verify-optional',
  title: 'Verification is optional and nothing acts on its outcome',
  severity: 'error',
  does: 'With optional, nginx asks for a certificate, refuses a bad one, and serves whoever sends none; $ssl_client_verify is then NONE.',
  matters: 'A client that simply leaves its certificate out is served like one in good standing.',
  remedy:
    'Set ssl_verify_client on, or refuse with if ($ssl_client_verify != SUCCESS) in the server or in every location that is not public.',
  references: [sslDocs('ssl_verify_client'), nginxDocs('http/ngx_http_rewrite_module', 'if')],
  check: (view) => looseVerification(view, 'optional'),
};

const verifyOptionalNoCa: Rule = {
  id: 'verify-optional-no-ca',
  title: 'Certificates of unknown CAs are taken and nothing acts on the outcome',
  severity: 'error',
  does: 'With optional_no_ca, nginx serves a client whose certificate no trusted CA signed: the request goes on with $ssl_client_verify FAILED:reason.',
  matters:
    'Anybody can sign a certificate with any name for himself; $ssl_client_s_dn then holds what he wrote.',
  remedy:
    'Set ssl_verify_client on. Where something behind nginx verifies, refuse with if ($ssl_client_verify != SUCCESS) what it must not see.',
  references: [sslDocs('ssl_verify_client')],
  check: (view) => looseVerification(view, 'optional_no_ca'),
};

const guardIncomplete: Rule = {
  id: 'guard-incomplete',
  title: 'A guard on $ssl_client_verify lets some failures through',
  severity: 'error',
  does: '$ssl_client_verify is SUCCESS, NONE, FAILED:reason, or empty on a connection without TLS.',
  matters:
    'A guard that names what it refuses (= NONE, ~ FAILED) lets the others pass. Only one that names what it lets in is closed.',
  remedy: 'Compare with != SUCCESS.',
  references: [
    sslDocs('var_ssl_client_verify'),
    { title: 'nginx: FAILED carries a reason since 1.11.7', url: 'https://nginx.org/en/CHANGES' },
  ],
  *check(view) {
    // With on, whatever is not SUCCESS was refused before.
    for (const server of view.servers.filter(({ asks, verify }) => asks && verify !== 'on')) {
      const scopes = [server.own, ...server.locations.flatMap(({ scopes }) => scopes.slice(-1))];
      for (const scope of scopes) {
        if (scope.block === null || guardIn(scope, server.outer) !== 'leaky') continue;
        const guard = scope.blocks('if').find(({ args }) => args.join(' ').includes('$ssl_client_verify'));
        yield {
          at: guard ?? scope.block,
          message:
            'this guard refuses some outcomes of verification by name: whatever it does not name goes on',
          fix:
            guard !== undefined
              ? {
                  title: 'Refuse everything but SUCCESS',
                  edits: [withArguments(guard, '($ssl_client_verify != SUCCESS)')],
                }
              : null,
        };
      }
    }
  },
};

const verifyWithoutTls: Rule = {
  id: 'verify-without-tls',
  title: 'Verification is on and no listener speaks TLS',
  severity: 'error',
  does: 'Without ssl among the parameters of listen the connection is plain: there is no handshake, and ssl_verify_client does nothing.',
  matters: 'The server looks as if it verified, and serves everybody.',
  remedy: 'Add ssl to its listen.',
  references: [nginxDocs('http/ngx_http_core_module', 'listen'), sslDocs('ssl_verify_client')],
  *check(view) {
    for (const server of view.servers.filter((one) => !one.tls && one.verify !== 'off')) {
      if (!server.owns(server.one('ssl_verify_client'))) continue;
      const plain = server.listens.flatMap(({ directive }) => directive ?? []);
      const hasCertificate = server.one('ssl_certificate') !== null && plain.length > 0;
      yield {
        at: verifyPlace(server),
        message: `${server.title} has ssl_verify_client ${server.verify}, and none of its listeners speaks TLS: nobody is verified`,
        related: plain,
        fix: hasCertificate
          ? {
              title: 'Speak TLS on its listeners',
              edits: plain.flatMap((listen) => {
                const [address] = listen.words.slice(1);
                return address === undefined
                  ? []
                  : [{ file: listen.file, start: address.end, end: address.end, text: ' ssl' }];
              }),
            }
          : null,
      };
    }
  },
};

const plainListener: Rule = {
  id: 'plain-listener',
  title: 'A server that verifies also answers without TLS',
  severity: 'error',
  does: 'nginx looks at the certificate only on TLS connections. The same server on a plain port serves the same locations to everybody.',
  matters: 'Whoever knocks at the other port needs no certificate.',
  remedy:
    'Give the plain port a server of its own that redirects, or refuse with if ($ssl_client_verify != SUCCESS), which is empty there.',
  references: [
    nginxDocs('http/ngx_http_core_module', 'listen'),
    nginxDocs('http/configuring_https_servers', 'single_http_https_server'),
  ],
  *check(view) {
    for (const server of view.servers.filter(({ asks, protocol }) => asks && protocol === 'http')) {
      const plain = server.listens.filter(({ tls }) => !tls).flatMap(({ directive }) => directive ?? []);
      const [first] = plain;
      if (first === undefined || server.value('ssl') === 'on') continue;
      if (server.own.first('return') !== null || redirectsPlain(server) || unguarded(server).length === 0)
        continue;
      yield {
        at: first,
        message: `${server.title} verifies clients on its TLS port and serves everybody on ${first.args[0]}`,
        related: [verifyPlace(server)],
        fix: { title: 'Refuse whoever was not verified', edits: [inServer(view, server, GUARD)] },
      };
    }
  },
};

/** `if ($scheme = http) { return 301 ...; }` and the like. */
function redirectsPlain({ own }: EffectiveServer): boolean {
  return own
    .blocks('if')
    .some(
      ({ args, block }) =>
        /\$(scheme|https|ssl_protocol|server_port)\b/.test(args.join(' ')) &&
        (block ?? []).some(({ name }) => name === 'return' || name === 'rewrite'),
    );
}

export const VERIFICATION_RULES: readonly Rule[] = [
  ...[verifyOff, verifyOptional, verifyOptionalNoCa, guardIncomplete, verifyWithoutTls, plainListener],
];
