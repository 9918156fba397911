import { documents, gateway, type ManifestCase } from './manifest-case.fixture.js';

const CA = 'caCertificateRefs: [{kind: ConfigMap, group: "", name: ca}]';
const VALID = `{default: {validation: {${CA}}}}`;
const WEB = '{name: web, port: 443, protocol: HTTPS}';
const route = (parent: string, rules = '[{backendRefs: []}]') =>
  `apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: pay, namespace: shop}\nspec: {parentRefs: [{name: edge${parent}}], rules: ${rules}}\n`;
const grant = (fields: string) =>
  `apiVersion: gateway.networking.k8s.io/v1beta1\nkind: ReferenceGrant\nmetadata: {name: g, namespace: pki}\nspec: {${fields}}\n`;
const FROM = 'from: [{group: gateway.networking.k8s.io, kind: Gateway, namespace: shop}]';
const references = (refs: string) => gateway(`{default: {validation: {caCertificateRefs: [${refs}]}}}`);

export const GATEWAY_CASES: readonly ManifestCase[] = [
  {
    rule: 'gateway-insecure-fallback',
    what: 'for all ports, and for one',
    manifest: gateway(
      `\n      default: {validation: {mode: AllowInsecureFallback, ${CA}}}\n      perPort:\n      - {port: 443, tls: {validation: {mode: AllowInsecureFallback, ${CA}}}}`,
    ),
    found: ['8 error', '10 error'],
  },
  {
    rule: 'gateway-insecure-fallback',
    what: 'the default, and the other mode',
    manifest: documents(gateway(VALID), gateway(`{default: {validation: {mode: AllowValidOnly, ${CA}}}}`)),
    found: [],
  },
  {
    rule: 'gateway-port-unvalidated',
    what: 'a port without validation',
    manifest: gateway(`{default: {validation: {${CA}}}, perPort: [{port: 443, tls: {}}]}`),
    found: ['7 error'],
  },
  {
    rule: 'gateway-port-unvalidated',
    what: 'a port with its own',
    manifest: gateway(`{default: {}, perPort: [{port: 443, tls: {validation: {${CA}}}}]}`),
    found: [],
  },
  {
    rule: 'gateway-port-unlistened',
    what: 'a port that nobody listens on',
    manifest: gateway(`{default: {}, perPort: [{port: 8443, tls: {validation: {${CA}}}}]}`),
    found: ['7 warning'],
  },
  {
    rule: 'gateway-port-unlistened',
    what: 'the port of a listener',
    manifest: gateway(`{default: {}, perPort: [{port: 443, tls: {validation: {${CA}}}}]}`),
    found: [],
  },
  {
    rule: 'gateway-field-gone',
    what: 'the field of a listener',
    manifest: gateway('{}', `[{name: web, port: 443, protocol: HTTPS, tls: {frontendValidation: {${CA}}}}]`),
    found: ['5 error'],
  },
  { rule: 'gateway-field-gone', what: 'the one of today', manifest: gateway(VALID), found: [] },
  {
    rule: 'gateway-plain-listener',
    what: 'a route of all listeners',
    manifest: documents(gateway(VALID, `[${WEB}, {name: plain, port: 80, protocol: HTTP}]`), route('')),
    found: ['11 error'],
  },
  {
    rule: 'gateway-plain-listener',
    what: 'a route of one listener, and one that redirects',
    manifest: documents(
      gateway(VALID, `[${WEB}, {name: plain, port: 80, protocol: HTTP}]`),
      route(', sectionName: web'),
      route('', '[{filters: [{type: RequestRedirect}]}]'),
    ),
    found: [],
  },
  {
    rule: 'gateway-listener-uncovered',
    what: 'TLS that is not HTTPS',
    manifest: gateway(VALID, `[${WEB}, {name: raw, port: 8443, protocol: TLS}]`),
    found: ['5 warning'],
  },
  { rule: 'gateway-listener-uncovered', what: 'HTTPS', manifest: gateway(VALID), found: [] },
  { rule: 'gateway-ca-reference', what: 'none', manifest: references(''), found: ['7 error'] },
  {
    rule: 'gateway-ca-reference',
    what: 'two, one of them a Secret',
    manifest: references('{kind: ConfigMap, name: ca}, {kind: Secret, name: ca}'),
    found: ['7 warning', '7 warning'],
  },
  {
    rule: 'gateway-ca-reference',
    what: 'another namespace',
    manifest: documents(
      references('{kind: ConfigMap, name: ca, namespace: pki}'),
      grant(`${FROM}, to: [{kind: Secret}]`),
    ),
    found: ['7 warning'],
  },
  {
    rule: 'gateway-ca-reference',
    what: 'another namespace that allows it',
    manifest: documents(
      references('{kind: ConfigMap, name: ca, namespace: pki}'),
      grant(`${FROM}, to: [{kind: ConfigMap}]`),
    ),
    found: [],
  },
  {
    rule: 'gateway-ca-reference',
    what: 'a ConfigMap without ca.crt',
    manifest: documents(
      gateway(VALID),
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ca, namespace: shop}\ndata: {ca.pem: x}\n',
    ),
    found: ['7 error'],
  },
];
