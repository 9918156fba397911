import { documents, ingress, type ManifestCase, SECRET } from './manifest-case.fixture.js';

const VERIFY_CASES: readonly ManifestCase[] = [
  {
    rule: 'ingress-verify-off',
    what: 'off beside a CA',
    manifest: ingress([SECRET, 'auth-tls-verify-client: "off"']),
    found: ['8 error'],
  },
  { rule: 'ingress-verify-off', what: 'the default', manifest: ingress([SECRET]), found: [] },
  {
    rule: 'ingress-verify-optional',
    what: 'optional, and nothing looks',
    manifest: ingress([SECRET, 'auth-tls-verify-client: optional']),
    found: ['8 error'],
  },
  {
    rule: 'ingress-verify-optional',
    what: 'a snippet that may look',
    manifest: ingress([
      SECRET,
      'auth-tls-verify-client: optional',
      'configuration-snippet: "if ($ssl_client_verify != SUCCESS) { return 403; }"',
    ]),
    found: ['8 warning'],
  },
  {
    rule: 'ingress-verify-optional',
    what: 'a name that no client without a certificate has',
    manifest: ingress([SECRET, 'auth-tls-verify-client: optional', 'auth-tls-match-cn: "CN=api(,|$)"']),
    found: [],
  },
  {
    rule: 'ingress-verify-optional-no-ca',
    what: 'optional_no_ca',
    manifest: ingress([SECRET, 'auth-tls-verify-client: optional_no_ca']),
    found: ['8 error'],
  },
  {
    rule: 'ingress-verify-optional-no-ca',
    what: 'a name that nobody vouches for',
    manifest: ingress([SECRET, 'auth-tls-verify-client: optional_no_ca', 'auth-tls-match-cn: "CN=api(,|$)"']),
    found: ['8 error'],
  },
  { rule: 'ingress-verify-optional-no-ca', what: 'on', manifest: ingress([SECRET]), found: [] },
  {
    rule: 'ingress-secret-missing',
    what: 'verification without a CA',
    manifest: ingress(['auth-tls-verify-client: "on"', 'auth-tls-verify-depth: "2"']),
    found: ['7 error'],
  },
  {
    rule: 'ingress-secret-missing',
    what: 'an empty CA',
    manifest: ingress(['auth-tls-secret: ""']),
    found: ['7 error'],
  },
  {
    rule: 'ingress-secret-missing',
    what: 'off, and that is all',
    manifest: ingress(['auth-tls-verify-client: "off"']),
    found: [],
  },
  {
    rule: 'ingress-secret-missing',
    what: 'another Ingress of the host that names it',
    manifest: documents(ingress([SECRET]), ingress(['auth-tls-verify-depth: "2"'], { name: 'more' })),
    found: [],
  },
  {
    rule: 'ingress-ssl-passthrough',
    what: 'TLS that goes to the backend',
    manifest: ingress([SECRET, 'ssl-passthrough: "true"']),
    found: ['8 error'],
  },
  {
    rule: 'ingress-ssl-passthrough',
    what: 'no CA, so the backend must ask',
    manifest: ingress(['ssl-passthrough: "true"']),
    found: [],
  },
  {
    rule: 'ingress-error-page-inside',
    what: 'a path',
    manifest: ingress([SECRET, 'auth-tls-error-page: /error']),
    found: ['8 warning'],
  },
  {
    rule: 'ingress-error-page-inside',
    what: 'a page elsewhere, and a location of the controller',
    manifest: documents(
      ingress([SECRET, 'auth-tls-error-page: https://help.test/cert']),
      ingress([SECRET, 'auth-tls-error-page: "@custom_404"'], { host: 'b.test' }),
    ),
    found: [],
  },
  {
    rule: 'ingress-snippet',
    what: 'directives of trust in a snippet',
    manifest: ingress(['server-snippet: |\n      # all of them\n      ssl_verify_client on;', 'x/y: z']),
    found: ['7 warning'],
  },
  {
    rule: 'ingress-snippet',
    what: 'other directives',
    manifest: ingress(['server-snippet: "add_header ssl_verify_client off;"']),
    found: [],
  },
];

const HOST_CASES: readonly ManifestCase[] = [
  {
    rule: 'ingress-host-conflict',
    what: 'another verify-client',
    manifest: documents(
      ingress([SECRET]),
      ingress([SECRET, 'auth-tls-verify-client: "off"'], { name: 'more' }),
    ),
    found: ['19 error'],
  },
  {
    rule: 'ingress-host-conflict',
    what: 'a canary with another CA, the host in other letters',
    manifest: documents(
      ingress([SECRET]),
      ingress(['canary: "true"', 'auth-tls-secret: shop/other'], { name: 'canary', host: 'PAY.test' }),
    ),
    found: ['20 error'],
  },
  {
    rule: 'ingress-host-conflict',
    what: 'the same, with defaults written out',
    manifest: documents(
      ingress([SECRET]),
      ingress([SECRET, 'auth-tls-verify-client: "on"', 'auth-tls-verify-depth: "1"'], { name: 'more' }),
    ),
    found: [],
  },
  {
    rule: 'ingress-host-conflict',
    what: 'the same Ingress for another environment',
    manifest: documents(ingress([SECRET]), ingress(['auth-tls-secret: shop/other'])),
    found: [],
  },
  {
    rule: 'ingress-host-conflict',
    what: 'another controller',
    manifest: documents(
      ingress([SECRET]),
      ingress(['auth-tls-secret: shop/other'], { name: 'more', className: 'inside' }),
    ),
    found: [],
  },
  {
    rule: 'ingress-host-shared',
    what: 'paths that are protected by another Ingress only',
    manifest: documents(ingress([SECRET]), ingress(['x/y: z'], { name: 'more' })),
    found: ['22 note'],
  },
  {
    rule: 'ingress-host-shared',
    what: 'another host, and a canary',
    manifest: documents(
      ingress([SECRET]),
      ingress(['x/y: z'], { name: 'more', host: 'shop.test' }),
      ingress(['canary: "true"'], { name: 'canary' }),
    ),
    found: [],
  },
  {
    rule: 'ingress-wildcard-hole',
    what: 'a host below a wildcard',
    manifest: documents(
      ingress([SECRET], { host: '*.shop.test' }),
      ingress(['x/y: z'], { name: 'a', host: 'a.shop.test' }),
    ),
    found: ['22 warning'],
  },
  {
    rule: 'ingress-wildcard-hole',
    what: 'two levels below, which the wildcard is not for',
    manifest: documents(
      ingress([SECRET], { host: '*.shop.test' }),
      ingress(['x/y: z'], { name: 'a', host: 'b.a.shop.test' }),
    ),
    found: [],
  },
  {
    rule: 'ingress-any-host',
    what: 'no host',
    manifest: ingress([SECRET], { host: '' }),
    found: ['7 note'],
  },
  { rule: 'ingress-any-host', what: 'a host', manifest: ingress([SECRET]), found: [] },
  {
    rule: 'ingress-default-backend',
    what: 'no rule at all, and a host without http',
    manifest: documents(
      ingress([SECRET]).replace('rules: [{host: "pay.test", http: {paths: []}}]', 'defaultBackend: {}'),
      ingress([SECRET], { host: 'b.test' }).replace(', http: {paths: []}', ''),
    ),
    found: ['7 error', '22 error'],
  },
  {
    rule: 'ingress-default-backend',
    what: 'another rule of the host that has http',
    manifest: documents(
      ingress([SECRET]),
      ingress([SECRET], { name: 'more' }).replace(', http: {paths: []}', ''),
    ),
    found: [],
  },
  {
    rule: 'ingress-plain-http',
    what: 'no spec.tls',
    manifest: ingress([SECRET], { tls: null }),
    found: ['10 error'],
  },
  {
    rule: 'ingress-plain-http',
    what: 'spec.tls for another host, whose certificate may cover this one',
    manifest: ingress([SECRET], { tls: ['*.test'] }),
    found: ['10 warning'],
  },
  {
    rule: 'ingress-plain-http',
    what: 'no redirect',
    manifest: ingress([SECRET, 'ssl-redirect: "false"']),
    found: ['8 error'],
  },
  {
    rule: 'ingress-plain-http',
    what: 'a second Ingress of the host that does not redirect',
    manifest: documents(ingress([SECRET]), ingress(['ssl-redirect: "false"'], { name: 'more' })),
    found: ['19 error'],
  },
  {
    rule: 'ingress-plain-http',
    what: 'a redirect that is forced',
    manifest: ingress([SECRET, 'force-ssl-redirect: "true"'], { tls: null }),
    found: [],
  },
  {
    rule: 'ingress-plain-http',
    what: 'a name that a plain request has not',
    manifest: ingress([SECRET, 'auth-tls-match-cn: "CN=api(,|$)"'], { tls: null }),
    found: [],
  },
];

export const INGRESS_CASES: readonly ManifestCase[] = [...VERIFY_CASES, ...HOST_CASES];
