import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { readManifests } from './read-manifests.js';
import { MANIFEST_CASES } from './rules/cases/index.fixture.js';
import { scanManifests } from './scan.js';

// A hang is what this is against; how long a busy machine takes is nobody's business.
vi.setConfig({ testTimeout: 240_000 });

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
spec: {rules: [{host: a.test}], tls: [{hosts: [a.test]}]}
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

  it('knows the output of helm template', () => {
    const text = `---\n# Source: pay/templates/secret.yaml\napiVersion: v1\nkind: Secret\nmetadata:\n  name: b\n  namespace: a\ndata:\n  tls.crt: "YQ=="\n  tls.key: "YQ=="\n---\n# Source: pay/templates/ingress.yaml\n${OPEN.replace('"off"', '"on"')}`;
    expect(rulesOf(text)).toEqual(['18 ingress-ca-missing', '18 manifest-depth-default']);
  });
});

describe('any text', () => {
  const word = fc.constantFrom(
    ...[
      'kind: Ingress\n',
      'a: &a ',
      '*a',
      '<<: *a\n',
      '[',
      ']',
      '{',
      '}',
      '- ',
      '? ',
      ': ',
      '"',
      "'",
      '|\n',
      '>-\n',
    ],
    ...[
      '# windlass-ignore a: b\n',
      '---\n',
      '...\n',
      '%YAML 1.2\n',
      '\t',
      '\n  ',
      '!!binary x',
      '!x ',
      '\0',
      '\ufeff',
    ],
    ...[
      '{{ .x }}',
      'metadata:\n',
      '  annotations:\n',
      '    nginx.ingress.kubernetes.io/auth-tls-secret: ',
      'a/b\n',
    ],
  );
  const text = fc.oneof(
    fc.string(),
    fc.array(word, { maxLength: 40 }).map((words) => words.join('')),
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

  it('aliases that double at every level, and merges that do', () => {
    const levels = Array.from({ length: 60 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}]\n`).join('');
    const merges = Array.from(
      { length: 60 },
      (_, i) => `m${i + 1}: &m${i + 1} {<<: [*m${i}, *m${i}]}\n`,
    ).join('');
    const text = `a0: &a0 [x]\n${levels}m0: &m0 {a: b}\n${merges}${OPEN}`;
    expect(rulesOf(`${text}items: *a60\n`)).toEqual(['129 ingress-verify-off']);
    expect(scan(`m0: &m0 {a: b}\n${merges}${OPEN.replace('  name', '  <<: *m60\n  name')}`)).toHaveLength(1);
  });

  it('an alias that is its own list', () => {
    expect(rulesOf(`kind: List\nitems: &a [*a, *a]\n`)).toEqual([]);
  });
});
