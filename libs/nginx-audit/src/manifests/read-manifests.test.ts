import { describe, expect, it } from 'vitest';
import { readManifests } from './read-manifests.js';
import { scanManifests } from './scan.js';

const read = (content: string) => readManifests([{ path: 'a.yaml', content }]);
const scan = (content: string) => scanManifests([{ path: 'a.yaml', content }]);
const rulesOf = (content: string) => scan(content).map(({ rule, line }) => `${line} ${rule}`);

const OPEN = `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: a
  annotations:
    nginx.ingress.kubernetes.io/auth-tls-secret: a/b
    nginx.ingress.kubernetes.io/auth-tls-verify-client: "off"
spec: {rules: [{host: a.test, http: {}}], tls: [{hosts: [a.test]}]}
`;

describe('what manifests are written as', () => {
  it('reads lists, lists in lists, and JSON', () => {
    const object = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a' } };
    const list = { apiVersion: 'v1', kind: 'List', items: [object, { kind: 'SecretList', items: [object] }] };
    expect(read(JSON.stringify(list, null, '\t')).objects.map(({ kind, name }) => `${kind} ${name}`)).toEqual(
      ['Secret a', 'Secret a'],
    );
  });

  it('follows aliases and merge keys, and keeps the place of what they stand for', () => {
    const text = OPEN.replace('  annotations:\n', '  labels: &all\n').replace(
      'spec:',
      '  annotations:\n    <<: *all\n    nginx.ingress.kubernetes.io/auth-tls-match-cn: CN=a\nspec:',
    );
    expect(rulesOf(text)).toEqual(['7 ingress-verify-off', '10 ingress-match-cn-unanchored']);
  });

  it('takes the last of a key that comes twice, and its own before merged ones', () => {
    const twice = OPEN.replace(
      'spec:',
      '    nginx.ingress.kubernetes.io/auth-tls-verify-client: "on"\nspec:',
    );
    expect(rulesOf(twice)).toEqual(['6 manifest-depth-default']);
  });

  it('reads all documents around one that is broken, at the right lines', () => {
    const text = `# first\n${OPEN}---\nkind: Gateway\na: [\n--- # third\r\n${OPEN.replaceAll('\n', '\r\n')}...\n`;
    expect(rulesOf(text)).toEqual([
      '8 ingress-verify-off',
      '12 manifest-unreadable',
      '20 ingress-verify-off',
    ]);
  });

  it('has one thing to say of an Ingress with all that the documentation shows: the depth', () => {
    const text = OPEN.replace(
      '    nginx.ingress.kubernetes.io/auth-tls-verify-client: "off"',
      [
        '    nginx.ingress.kubernetes.io/auth-tls-verify-client: "on"',
        '    nginx.ingress.kubernetes.io/auth-tls-verify-depth: "1"',
        '    nginx.ingress.kubernetes.io/auth-tls-error-page: "http://www.example.com/error-cert.html"',
        '    nginx.ingress.kubernetes.io/auth-tls-pass-certificate-to-upstream: "true"',
      ].join('\n'),
    );
    expect(rulesOf(text)).toEqual(['8 manifest-depth-default']);
  });

  it('knows the output of helm template', () => {
    const text = `---\n# Source: pay/templates/secret.yaml\napiVersion: v1\nkind: Secret\nmetadata:\n  name: b\n  namespace: a\ndata:\n  tls.crt: "YQ=="\n  tls.key: "YQ=="\n---\n# Source: pay/templates/ingress.yaml\n${OPEN.replace('"off"', '"on"')}`;
    expect(rulesOf(text)).toEqual(['18 ingress-ca-missing', '18 manifest-depth-default']);
  });
});
