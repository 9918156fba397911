import {
  documents,
  ingress,
  type ManifestCase,
  policy,
  secret,
  virtualServer,
} from './manifest-case.fixture.js';

const NAMED = 'clientCertSecret: ca';
const MTLS = policy(NAMED);
const ATTACHED = 'policies: [{name: mtls}]';
const TLS = 'tls: {secret: s, redirect: {enable: true}}';
const annotated = 'nginx.org/policies: shop/mtls';

export const POLICY_CASES: readonly ManifestCase[] = [
  {
    rule: 'policy-verify-off',
    what: 'off',
    manifest: policy(`${NAMED}\nverifyClient: "off"`),
    found: ['7 error'],
  },
  { rule: 'policy-verify-off', what: 'the default', manifest: MTLS, found: [] },
  ...['optional', 'optional_no_ca'].map((value) => ({
    rule: 'policy-verify-optional',
    what: value,
    manifest: policy(`${NAMED}\nverifyClient: ${value}`),
    found: ['7 error'],
  })),
  {
    rule: 'policy-verify-optional',
    what: 'on',
    manifest: policy(`${NAMED}\nverifyClient: "on"`),
    found: [],
  },
  {
    rule: 'policy-on-route',
    what: 'a route',
    manifest: documents(MTLS, virtualServer(`${TLS}\nroutes: [{path: /, ${ATTACHED}}]`)),
    found: ['14 error'],
  },
  {
    rule: 'policy-on-route',
    what: 'a minion',
    manifest: documents(MTLS, ingress(['nginx.org/mergeable-ingress-type: minion', annotated])),
    found: ['15 error'],
  },
  {
    rule: 'policy-on-route',
    what: 'the whole server',
    manifest: documents(MTLS, virtualServer(`${TLS}\n${ATTACHED}`)),
    found: [],
  },
  {
    rule: 'policy-without-tls',
    what: 'a VirtualServer without tls',
    manifest: documents(MTLS, virtualServer(ATTACHED)),
    found: ['13 error'],
  },
  {
    rule: 'policy-without-tls',
    what: 'an Ingress without spec.tls',
    manifest: documents(MTLS, ingress([annotated], { tls: null })),
    found: ['14 error'],
  },
  {
    rule: 'policy-without-tls',
    what: 'an Ingress with spec.tls for another host',
    manifest: documents(MTLS, ingress([annotated], { tls: ['other.test'] })),
    found: ['14 error'],
  },
  {
    rule: 'policy-without-tls',
    what: 'TLS in both',
    manifest: documents(MTLS, ingress([annotated]), virtualServer(`${TLS}\n${ATTACHED}`)),
    found: [],
  },
  {
    rule: 'policy-plain-http',
    what: 'no redirect',
    manifest: documents(MTLS, virtualServer(`tls: {secret: s}\n${ATTACHED}`)),
    found: ['13 error'],
  },
  {
    rule: 'policy-plain-http',
    what: 'a redirect by a header of the client',
    manifest: documents(
      MTLS,
      virtualServer(`tls: {secret: s, redirect: {enable: true, basedOn: x-forwarded-proto}}\n${ATTACHED}`),
    ),
    found: ['13 error'],
  },
  {
    rule: 'policy-plain-http',
    what: 'an Ingress that does not redirect',
    manifest: documents(MTLS, ingress([annotated, 'nginx.org/ssl-redirect: "false"'])),
    found: ['15 error'],
  },
  {
    rule: 'policy-plain-http',
    what: 'a redirect, and a listener for https only',
    manifest: documents(
      MTLS,
      ingress([annotated]),
      virtualServer(`${TLS}\n${ATTACHED}`),
      virtualServer(`tls: {secret: s}\nlistener: {https: secure}\n${ATTACHED}`),
    ),
    found: [],
  },
  {
    rule: 'policy-second-ignored',
    what: 'two in one list',
    manifest: documents(
      MTLS,
      policy(NAMED, 'more'),
      virtualServer(`${TLS}\npolicies:\n- name: mtls\n- name: more`),
    ),
    found: ['23 error'],
  },
  {
    rule: 'policy-second-ignored',
    what: 'one in each of two lists',
    manifest: documents(MTLS, virtualServer(`${TLS}\n${ATTACHED}`), ingress([annotated])),
    found: [],
  },
  { rule: 'policy-unused', what: 'nothing refers to it', manifest: MTLS, found: ['3 note'] },
  {
    rule: 'policy-unused',
    what: 'an Ingress does, and the policy is there for two environments',
    manifest: documents(MTLS, ingress([annotated]), MTLS),
    found: [],
  },
  { rule: 'policy-secret', what: 'no Secret', manifest: policy('verifyDepth: 2'), found: ['5 error'] },
  {
    rule: 'policy-secret',
    what: 'another type, and no ca.crt',
    manifest: documents(MTLS, secret('ca', 'type: kubernetes.io/tls\ndata: {}')),
    found: ['6 error', '6 error'],
  },
  {
    rule: 'policy-secret',
    what: 'two CRLs',
    manifest: documents(
      policy(`${NAMED}\ncrlFileName: a.crl`),
      secret('ca', 'type: nginx.org/ca\nstringData: {ca.crt: a, ca.crl: b}'),
    ),
    found: ['7 warning'],
  },
  {
    rule: 'policy-secret',
    what: 'as it should be, and one of another namespace',
    manifest: documents(
      MTLS,
      secret('ca', 'type: nginx.org/ca\nstringData: {ca.crt: a}'),
      secret('ca', 'type: Opaque', 'elsewhere'),
    ),
    found: [],
  },
];
