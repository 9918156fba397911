import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { MANIFEST_CASES } from './rules/cases/index.fixture.js';
import { ingress, SECRET } from './rules/cases/manifest-case.fixture.js';
import { scanManifests } from './scan.js';

// A hang is what this is against; how long a busy machine takes is nobody's business.
vi.setConfig({ testTimeout: 240_000 });

const OPEN = ingress([SECRET, 'auth-tls-verify-client: "off"']);
const scan = (content: string) => scanManifests([{ path: 'a.yaml', content }]);

describe('any text', () => {
  const marks =
    'kind: Ingress\n,a: &a ,*a,<<: *a\n,[,],{,},- ,? ,: ,",\',|\n,>-\n,---\n,...\n,%YAML 1.2\n,\t,\n  ,!x '.split(
      ',',
    );
  const words = ['# windlass-ignore a: b\n', '!!binary x', '\0', '\ufeff', '{{ .x }}', 'metadata:\n'];
  const annotation = ['  annotations:\n', '    nginx.ingress.kubernetes.io/auth-tls-secret: ', 'a/b\n'];
  const word = fc.constantFrom(...marks, ...words, ...annotation);
  const text = fc.oneof(
    fc.string(),
    fc.array(word, { maxLength: 40 }).map((all) => all.join('')),
  );

  it('is read without a fault, with places inside of it', () => {
    fc.assert(
      fc.property(fc.array(text, { maxLength: 4 }), (texts) => {
        const files = texts.map((content, index) => ({
          path: `${index}.yaml`,
          content: `kind: Ingress\n${content}`,
        }));
        for (const { file, line, column } of scanManifests(files)) {
          const lines = files.find(({ path }) => path === file)?.content.split('\n') ?? [];
          expect(column).toBeGreaterThan(0);
          expect(column).toBeLessThanOrEqual((lines[line - 1] ?? '').length + 1);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('changes nothing of what the documents around it are', () => {
    fc.assert(
      fc.property(text, fc.constantFrom(...MANIFEST_CASES.slice(0, 20)), (content, { manifest }) => {
        const here = (found: ReturnType<typeof scan>) =>
          found.filter(({ rule }) => rule === 'ingress-verify-off').map(({ message }) => message);
        const around = scan(`${content.replaceAll('kind', 'mind')}\n---\n${manifest}`);
        expect(here(around)).toEqual(expect.arrayContaining(here(scan(manifest))));
      }),
      { numRuns: 200 },
    );
  });
});

describe('a text that was made to be slow, or to end the program', () => {
  const HEAD = 'kind: Ingress\n';
  const repeated = (text: string, size: number) => text.repeat(Math.ceil(size / text.length));
  it.each([
    ['brackets', `${HEAD}a: ${repeated('[', 200_000)}`],
    ['maps in maps', `${HEAD}a: ${repeated('{a: ', 200_000)}`],
    ['lists on one line', `${HEAD}a:\n  ${repeated('- ', 200_000)}a`],
    ['keys of keys', `${HEAD}${repeated('? ', 200_000)}a`],
    ['levels', `${HEAD}${Array.from({ length: 1000 }, (_, level) => `${' '.repeat(level)}a:\n`).join('')}`],
    ['six million characters', `${HEAD}${repeated('# comment\n', 6 << 20)}`],
    ['documents', `${HEAD}${repeated('---\nkind: Ingress\n', 400_000)}`],
    ['open quotes', `${HEAD}a: "${repeated('\n x', 300_000)}`],
    ['faults', `${HEAD}${repeated('a: ]\n', 300_000)}`],
  ])('%s: a finding', (_what, content) => {
    expect(scan(content).map(({ rule }) => rule)).toEqual(['manifest-unreadable']);
  });

  const listed = (item: (index: number) => string, count = 3000) =>
    `kind: List\nitems:\n${Array.from({ length: count }, (_, index) => `- ${item(index)}\n`).join('')}`;
  const NGINX = 'nginx.ingress.kubernetes.io/auth-tls-';
  const object = (kind: string, group: string, name: string, rest: string) =>
    `{kind: ${kind}, apiVersion: ${group}, metadata: {name: ${name}}, ${rest}}`;
  it.each([
    [
      'Ingresses of one host with one Secret',
      listed((index) =>
        object(
          'Ingress',
          'networking.k8s.io/v1',
          `i${index}, annotations: {${NGINX}secret: a/b${index % 2}}`,
          'spec: {rules: [{host: a, http: {}}]}',
        ),
      ),
    ],
    [
      'Ingresses of one host without a Secret',
      listed((index) =>
        object(
          'Ingress',
          'networking.k8s.io/v1',
          `i${index}, annotations: {${NGINX}verify-depth: "2"}`,
          'spec: {rules: [{host: a, http: {}}]}',
        ),
      ),
    ],
    [
      'Gateways of one name, and routes of all',
      listed((index) =>
        index % 2 === 0
          ? object(
              'Gateway',
              'gateway.networking.k8s.io/v1',
              'g',
              'spec: {listeners: [{protocol: HTTP}], tls: {frontend: {default: {validation: {caCertificateRefs: [{kind: ConfigMap, name: c, namespace: x}]}}}}}',
            )
          : object(
              'HTTPRoute',
              'gateway.networking.k8s.io/v1',
              `r${index}`,
              'spec: {parentRefs: [{name: g}]}',
            ),
      ),
    ],
    [
      'references to policies of one name',
      listed((index) =>
        index % 2 === 0
          ? object('Policy', 'k8s.nginx.org/v1', 'p', 'spec: {ingressMTLS: {clientCertSecret: s}}')
          : object('VirtualServer', 'k8s.nginx.org/v1', `v${index}`, 'spec: {policies: [{name: p}]}'),
      ),
    ],
  ])('%s', (_what, content) => {
    expect(scan(content).length).toBeGreaterThan(1000);
  });

  it('aliases that double at every level, and merges that do', () => {
    const levels = Array.from({ length: 60 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}]\n`).join('');
    const merges = Array.from(
      { length: 60 },
      (_, i) => `m${i + 1}: &m${i + 1} {<<: [*m${i}, *m${i}]}\n`,
    ).join('');
    const text = `a0: &a0 [x]\n${levels}m0: &m0 {a: b}\n${merges}${OPEN}`;
    expect(scan(`${text}items: *a60\n`).map(({ line }) => line)).toEqual([130]);
    expect(scan(`m0: &m0 {a: b}\n${merges}${OPEN.replace('  name', '  <<: *m60\n  name')}`)).toHaveLength(1);
  });

  it('an alias that is its own list', () => {
    expect(scan('kind: List\nitems: &a [*a, *a]\n')).toEqual([]);
  });
});
