/** Manifests, what the scan must say of them, and nothing else of the same rule. */
export interface ManifestCase {
  readonly rule: string;
  readonly what: string;
  readonly manifest: string;
  /** Line and severity of each finding of this rule; empty when it must be silent. */
  readonly found: readonly string[];
}

interface IngressParts {
  readonly name?: string;
  readonly host?: string;
  /** Hosts of spec.tls; null leaves it out. */
  readonly tls?: readonly string[] | null;
  readonly namespace?: string;
  readonly className?: string;
}

/** An Ingress whose annotations begin at its line 7, below the prefix of ingress-nginx where they have no other. */
export function ingress(annotations: readonly string[], parts: IngressParts = {}): string {
  const { name = 'pay', host = 'pay.test', tls = [host], namespace, className = 'nginx' } = parts;
  return [
    'apiVersion: networking.k8s.io/v1',
    'kind: Ingress',
    'metadata:',
    `  name: ${name}`,
    namespace === undefined ? '  labels: {}' : `  namespace: ${namespace}`,
    '  annotations:',
    ...annotations.map(
      (one) => `    ${/^[^:]*\/|^#/.test(one) ? one : `nginx.ingress.kubernetes.io/${one}`}`,
    ),
    'spec:',
    `  ingressClassName: ${className}`,
    `  rules: [{${host === '' ? '' : `host: "${host}", `}http: {paths: []}}]`,
    ...(tls === null ? [] : [`  tls: [{hosts: [${tls.map((one) => `"${one}"`).join(', ')}]}]`]),
    '',
  ].join('\n');
}

/** It names a CA. */
export const SECRET = 'auth-tls-secret: shop/ca';

export const secret = (name: string, fields: string, namespace = 'shop'): string =>
  `apiVersion: v1\nkind: Secret\nmetadata: {name: ${name}, namespace: ${namespace}}\n${fields}\n`;

export const policy = (fields: string, name = 'mtls'): string =>
  `apiVersion: k8s.nginx.org/v1\nkind: Policy\nmetadata: {name: ${name}, namespace: shop}\nspec:\n  ingressMTLS:\n    ${fields.split('\n').join('\n    ')}\n`;

export const virtualServer = (fields: string): string =>
  `apiVersion: k8s.nginx.org/v1\nkind: VirtualServer\nmetadata: {name: pay, namespace: shop}\nspec:\n  host: pay.test\n  ${fields.split('\n').join('\n  ')}\n`;

/** `frontend` stands at line 7. */
export const gateway = (frontend: string, listeners = '[{name: web, port: 443, protocol: HTTPS}]'): string =>
  `apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: edge, namespace: shop}\nspec:\n  listeners: ${listeners}\n  tls:\n    frontend: ${frontend}\n`;

export const documents = (...all: readonly string[]): string => all.join('---\n');
