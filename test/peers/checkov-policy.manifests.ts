/** `auth-tls-*` annotations by the ends of their names, with values as they stand in YAML. */
type Annotations = Readonly<Record<string, string>>;

/** One manifest as `helm template` prints it. */
export function ingress(name: string, annotations: Annotations): string {
  const lines = Object.entries(annotations).map(
    ([key, value]) => `    nginx.ingress.kubernetes.io/auth-tls-${key}: ${value}\n`,
  );
  return `# Source: shop/templates/${name}.yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: ${name}
  namespace: shop
  annotations:
    kubernetes.io/tls-acme: "true"
${lines.join('')}spec:
  ingressClassName: nginx
  rules:
    - host: ${name}.test
`;
}

/** With it nothing is to be said. */
export const MTLS: Annotations = {
  secret: 'shop/clients',
  'verify-client': '"on"',
  'verify-depth': '"3"',
  'pass-certificate-to-upstream': '"true"',
};

const without = (key: string): Annotations =>
  Object.fromEntries(Object.entries(MTLS).filter(([name]) => name !== key));

export interface CheckovCase {
  /** Of the resource. */
  readonly name: string;
  readonly annotations: Annotations;
  /** Rules. */
  readonly fails: readonly string[];
}

export const checkovCases: readonly CheckovCase[] = [
  { name: 'clean', annotations: MTLS, fails: [] },
  { name: 'no-mtls', annotations: {}, fails: [] },
  { name: 'verify-by-default', annotations: without('verify-client'), fails: [] },
  { name: 'verify-unknown-word', annotations: { ...MTLS, 'verify-client': '"yes"' }, fails: [] },
  { name: 'verify-off', annotations: { ...MTLS, 'verify-client': '"off"' }, fails: ['verify-off'] },
  { name: 'verify-off-unquoted', annotations: { ...MTLS, 'verify-client': 'off' }, fails: ['verify-off'] },
  { name: 'optional', annotations: { ...MTLS, 'verify-client': 'optional' }, fails: ['verify-optional'] },
  {
    name: 'optional-no-ca',
    annotations: { ...MTLS, 'verify-client': 'optional_no_ca' },
    fails: ['verify-optional-no-ca'],
  },
  { name: 'no-secret', annotations: without('secret'), fails: ['bundle-missing'] },
  { name: 'empty-secret', annotations: { ...MTLS, secret: '" "' }, fails: ['bundle-missing'] },
  { name: 'depth-by-default', annotations: without('verify-depth'), fails: ['depth-default'] },
  { name: 'depth-one', annotations: { ...MTLS, 'verify-depth': '"1"' }, fails: ['depth-default'] },
  { name: 'depth-zero', annotations: { ...MTLS, 'verify-depth': '"0"' }, fails: ['depth-default'] },
  { name: 'depth-no-number', annotations: { ...MTLS, 'verify-depth': '"two"' }, fails: ['depth-default'] },
  { name: 'depth-two-unquoted', annotations: { ...MTLS, 'verify-depth': '2' }, fails: [] },
  {
    name: 'error-page',
    annotations: { ...MTLS, 'error-page': '"https://example.com/no"' },
    fails: ['error-page-masks-refusal'],
  },
  {
    name: 'certificate-kept',
    annotations: without('pass-certificate-to-upstream'),
    fails: ['identity-header-forgeable'],
  },
  {
    name: 'certificate-kept-in-words',
    annotations: { ...MTLS, 'pass-certificate-to-upstream': '"false"' },
    fails: ['identity-header-forgeable'],
  },
  {
    name: 'asks-nobody',
    annotations: { secret: 'shop/clients', 'verify-client': '"off"' },
    fails: ['verify-off'],
  },
];
