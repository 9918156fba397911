import { ingress, type ManifestCase, policy, SECRET } from './manifest-case.fixture.js';

const matching = (value: string) => ingress([SECRET, `auth-tls-match-cn: '${value}'`]);

export const ANNOTATION_CASES: readonly ManifestCase[] = [
  {
    rule: 'ingress-secret-name',
    what: 'a name without its namespace',
    manifest: ingress(['auth-tls-secret: ca']),
    found: ['7 error'],
  },
  {
    rule: 'ingress-secret-name',
    what: 'one name too many',
    manifest: ingress(['auth-tls-secret: a/b/c']),
    found: ['7 error'],
  },
  { rule: 'ingress-secret-name', what: 'both', manifest: ingress([SECRET]), found: [] },
  {
    rule: 'ingress-secret-cross-namespace',
    what: 'a Secret of somebody else',
    manifest: ingress(['auth-tls-secret: default/ca'], { namespace: 'shop' }),
    found: ['7 error'],
  },
  {
    rule: 'ingress-secret-cross-namespace',
    what: 'its own namespace, or one that is not said',
    manifest: `${ingress([SECRET], { namespace: 'shop' })}---\n${ingress([SECRET], { host: 'b.test' })}`,
    found: [],
  },
  ...['CN=api', 'CN=(api|web)', 'CN=api|CN=web(,|$)', 'CN=.*(,|$)', 'CN=api\\$'].map((value) => ({
    rule: 'ingress-match-cn-unanchored',
    what: value,
    manifest: matching(value),
    found: ['8 error'],
  })),
  ...['CN=api(,|$)', 'CN=(api|web)(?:,|$)', 'CN=api$', 'CN=[a|b](,|$)'].map((value) => ({
    rule: 'ingress-match-cn-unanchored',
    what: `${value}, which ends`,
    manifest: matching(value),
    found: [],
  })),
  {
    rule: 'ingress-annotation-unknown',
    what: 'a slip of the pen',
    manifest: ingress([SECRET, 'auth-tls-verify: "on"']),
    found: ['8 warning'],
  },
  {
    rule: 'ingress-annotation-unknown',
    what: 'prefixes that are not read',
    manifest: ingress([
      'ingress.kubernetes.io/auth-tls-secret: shop/ca',
      'nginx.org/auth-tls-secret: shop/ca',
    ]),
    found: ['7 warning', '8 warning'],
  },
  {
    rule: 'ingress-annotation-unknown',
    what: 'annotations of another controller',
    manifest: ingress(['haproxy-ingress.github.io/auth-tls-secret: shop/ca', SECRET]),
    found: [],
  },
  {
    rule: 'ingress-annotation-value',
    what: 'values that are not taken',
    manifest: ingress([
      SECRET,
      'auth-tls-verify-client: "yes"',
      'auth-tls-verify-depth: "0"',
      'auth-tls-pass-certificate-to-upstream: "yes"',
      'auth-tls-match-cn: "^CN=api$"',
      'auth-tls-error-page: "https://help.test/?why"',
    ]),
    found: ['8 warning', '9 warning', '10 warning', '11 warning', '12 warning'],
  },
  {
    rule: 'ingress-annotation-value',
    what: 'values that are',
    manifest: ingress([
      SECRET,
      'auth-tls-verify-client: optional',
      'auth-tls-verify-depth: "3"',
      'auth-tls-pass-certificate-to-upstream: "true"',
      'auth-tls-match-cn: "CN=api(,|$)"',
      'auth-tls-error-page: "https://help.test:8443/why"',
    ]),
    found: [],
  },
  {
    rule: 'manifest-value-type',
    what: 'a bare on, a bare number, a bare off of a policy',
    manifest: `${ingress([SECRET, 'auth-tls-verify-client: on', 'auth-tls-verify-depth: 2'])}---\n${policy('clientCertSecret: ca\nverifyClient: off')}`,
    found: ['8 error', '9 error', '21 error'],
  },
  {
    rule: 'manifest-value-type',
    what: 'the same in quotes, and what no rule reads',
    manifest: ingress([SECRET, 'auth-tls-verify-client: "on"', 'example.org/replicas: 2']),
    found: [],
  },
];
