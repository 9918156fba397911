import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repositoryRoot } from '../kit/repository-root.js';

/** Where the code is that effects run, and what pauses a rotation. */
const PLACES = [
  ...['host/src', 'probe/src', 'ca-source/src', 'certificates/src', 'engine/src/perform'],
  ...['engine/src/inspection', 'engine/src/runner', 'rotation/src'],
];
/** Stores, secret boxes and their keys, which effects use. */
const FILES = [
  'persistence/src/database-problem.ts',
  ...['platform/src/sealed-box.ts', 'platform/src/wrapped-master-keys.ts'],
  // What the first look of a distrust takes for an error.
  'nginx-audit/src/managed-paths.ts',
];
const CODE = /'((?:host|nginx|probe|ca|crl|verifier|secret|database|distrust|windlass|rotation)\.[a-z-]+)'/g;

const root = repositoryRoot();
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const guide = read('docs/operations/blocked.md');

function sources(): readonly string[] {
  const found = PLACES.flatMap((place) =>
    readdirSync(join(root, 'libs', place), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !/\.(test|fixture)\.ts$|sandbox/.test(name))
      .map((name) => join('libs', place, name)),
  );
  return [...found, ...FILES.map((name) => join('libs', name))];
}

/** Effects, events, what traces tell of and parts of the host program have names of the same shape. */
const NAMES = ['libs/rotation/src/effects.ts', 'libs/rotation/src/events.ts'].map(read).join();
const TOLD = read('libs/engine/src/runner/traced-steps.ts');

const isCode = (word: string) =>
  !word.endsWith('.sh') && ![NAMES, TOLD].some((text) => text.includes(`'${word}'`));

describe('the runbook for what blocks', () => {
  const thrown = new Map<string, string>();
  for (const file of sources()) {
    for (const [, code = ''] of read(file).matchAll(CODE)) if (isCode(code)) thrown.set(code, file);
  }
  const codes = [...thrown];

  it('finds the codes at all', () => {
    const found = codes.map(([code]) => code);
    for (const known of ['host.drift', 'host.unreachable', 'ca.sealed', 'probe.wrong-verdict']) {
      expect(found).toContain(known);
    }
    expect(found.length).toBeGreaterThan(70);
  });

  it.each(codes)('has %s (%s)', (code) => {
    expect(guide).toContain(`\`${code}\``);
  });

  it('has no code both as one that blocks and as one that never does', () => {
    const never = guide.split('## What never blocks')[1] ?? expect.fail('the page says nothing of those');
    const blocking = [...guide.matchAll(/^#{2,3} (`.*)$/gm)].flatMap(([, heading = '']) =>
      heading.split(', '),
    );
    expect(blocking.length).toBeGreaterThan(30);
    expect(blocking.filter((code) => never.includes(code))).toEqual([]);
  });

  it('has no code that nothing throws', () => {
    const told = [
      ...guide.matchAll(/`((?:host|nginx|probe|ca|crl|verifier|secret|database|distrust)\.[a-z-]+)`/g),
    ];
    const stale = told.flatMap(([, code = '']) => (thrown.has(code) || !isCode(code) ? [] : [code]));
    expect(stale).toEqual([]);
  });
});
