import { beforeAll, describe, expect, test } from 'vitest';
import { scanManifests } from '#nginx-audit';
import { certificateFiles } from '../../apps/cli/src/findings/certificate-files.js';
import { revocationList } from '../kit/crl.js';
import { makeCa } from '../kit/pki.js';

const DAY = 86_400_000;
/** PEM texts by what is in them. */
const texts = new Map<string, string>();

beforeAll(async () => {
  const root = await makeCa({ commonName: 'Root' });
  const middle = await root.issueIntermediate({ commonName: 'Middle' });
  const issuing = await middle.issueIntermediate({ commonName: 'Issuing' });
  const ended = { notBefore: Date.now() - 3 * DAY, notAfter: Date.now() - DAY };
  texts.set('whole', root.certificatePem + middle.certificatePem + issuing.certificatePem);
  texts.set('without root', issuing.certificatePem);
  texts.set('leaf', (await root.issueClient({ commonName: 'leaf' })).certificatePem);
  texts.set('expired', (await makeCa({ commonName: 'Ended', ...ended })).certificatePem);
  texts.set('no PEM', 'hello');
  const soon = { nextUpdate: Date.now() + 10 * DAY };
  const crls = await Promise.all([root, middle, issuing].map((ca) => revocationList(ca, soon)));
  const stale = { thisUpdate: Date.now() - 3 * DAY, nextUpdate: Date.now() - DAY };
  texts.set('all', crls.join(''));
  texts.set('one', crls[0] ?? '');
  texts.set('stale', (await revocationList(root, stale)) + crls.slice(1).join(''));
});

const base64 = (text: string) => Buffer.from(text).toString('base64');

/** A Secret of both kinds of controllers. */
function secret(bundle: string, crl: string | null): string {
  const line = crl === null ? '' : `  ca.crl: ${base64(texts.get(crl) ?? '')}\n`;
  return `apiVersion: v1\nkind: Secret\nmetadata: {name: ca, namespace: shop}\ntype: nginx.org/ca\ndata:\n  ca.crt: ${base64(texts.get(bundle) ?? '')}\n${line}`;
}

const indented = (pem: string) => pem.replace(/^/gm, '    ');

const USERS: Readonly<Record<string, (depth: number) => string>> = {
  'an Ingress': (depth) =>
    `apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: a\n  annotations:\n    nginx.ingress.kubernetes.io/auth-tls-secret: shop/ca\n    nginx.ingress.kubernetes.io/auth-tls-verify-depth: "${depth}"\nspec: {rules: [{host: a.test, http: {}}], tls: [{hosts: [a.test]}]}\n`,
  'a policy': (depth) =>
    `apiVersion: k8s.nginx.org/v1\nkind: Policy\nmetadata: {name: a, namespace: shop}\nspec: {ingressMTLS: {clientCertSecret: ca, verifyDepth: ${depth}}}\n`,
};

function rules(manifest: string): string[] {
  const findings = scanManifests([{ path: 'a.yaml', content: manifest }], (text) =>
    certificateFiles(text, Date.now()),
  );
  return findings
    .filter(({ rule }) => rule.startsWith('manifest-'))
    .map(({ rule, severity }) => `${rule} ${severity}`);
}

describe.each(Object.entries(USERS))('what %s trusts', (_name, user) => {
  test.each([
    ['whole', null, 2, []],
    ['whole', 'all', 2, []],
    ['whole', null, 1, ['manifest-depth-too-small error']],
    ['leaf', null, 2, ['manifest-bundle-unsound error']],
    ['without root', null, 2, ['manifest-bundle-unsound error']],
    ['expired', null, 2, ['manifest-bundle-unsound error']],
    ['no PEM', null, 2, ['manifest-bundle-unsound error']],
    ['whole', 'one', 2, ['manifest-crl-unsound error', 'manifest-crl-unsound error']],
    ['whole', 'stale', 2, ['manifest-crl-unsound error']],
    ['whole', 'no PEM', 2, ['manifest-crl-unsound error']],
  ] as const)('%s, with %s as its CRL, at depth %i', (bundle, crl, depth, found) => {
    expect(rules(`${secret(bundle, crl)}---\n${user(depth)}`)).toEqual(found);
  });
});

describe('what a Gateway trusts', () => {
  const gateway =
    '---\napiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: g, namespace: shop}\nspec: {tls: {frontend: {default: {validation: {caCertificateRefs: [{kind: ConfigMap, name: ca}]}}}}}\n';
  const configMap = (bundle: string) =>
    `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ca, namespace: shop}\ndata:\n  ca.crt: |\n${indented(texts.get(bundle) ?? '')}\n`;

  test.each([
    ['whole', []],
    ['leaf', ['manifest-bundle-unsound error']],
    ['without root', ['manifest-bundle-unsound warning']],
  ] as const)('%s', (bundle, found) => {
    expect(rules(configMap(bundle) + gateway)).toEqual(found);
  });

  test('and a ConfigMap that nothing names is left alone', () => {
    expect(rules(configMap('leaf'))).toEqual([]);
  });
});
