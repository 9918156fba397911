import { describe, expect, it } from 'vitest';
import { RULES } from '../../rules/index.js';
import { scanManifests } from '../scan.js';
import { MANIFEST_CASES } from './cases/index.fixture.js';
import type { ManifestCase } from './cases/manifest-case.fixture.js';
import { MANIFEST_RULES } from './index.js';

/** Their cases need certificates: test/conformance/scan-certificates.test.ts. */
const WITH_CERTIFICATES = ['manifest-bundle-unsound', 'manifest-crl-unsound', 'manifest-depth-too-small'];

function found({ manifest, rule }: ManifestCase): string[] {
  return scanManifests([{ path: 'a.yaml', content: manifest }])
    .filter((finding) => finding.rule === rule)
    .map(({ line, severity }) => `${line} ${severity}`);
}

describe('the rule', () => {
  it.each(MANIFEST_CASES.map((one) => [`${one.rule}: ${one.what}`, one] as const))('%s', (_name, one) => {
    expect(found(one)).toEqual(one.found);
  });
});

describe('the rules of manifests', () => {
  it('have names of their own, beside those of configurations', () => {
    const ids = new Set([...MANIFEST_RULES, ...RULES].map(({ id }) => id));
    const shared = MANIFEST_RULES.filter((rule) => RULES.some(({ id }) => id === rule.id));
    expect(shared.map(({ id }) => id)).toEqual(['suppression-without-reason']);
    expect(ids.size).toBe(MANIFEST_RULES.length + RULES.length - 1);
    for (const { id } of MANIFEST_RULES) expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
  });

  it('say what the controller does, why it matters, how to mend it, and where that is written', () => {
    for (const { does, matters, remedy, references, title } of MANIFEST_RULES) {
      for (const text of [does, matters]) expect(text).toMatch(/^\S.*\.$/s);
      expect(remedy).toMatch(/^\S.*[.-]$/s);
      expect(title).not.toMatch(/\.$/);
      expect(references.length).toBeGreaterThan(0);
      for (const { url } of references) expect(url).toMatch(/^https:\/\/[a-z0-9.-]+\//);
    }
  });

  it.each(MANIFEST_RULES.map(({ id }) => id).filter((id) => !WITH_CERTIFICATES.includes(id)))(
    'show that %s can speak, and be silent',
    (id) => {
      const lengths = MANIFEST_CASES.filter(({ rule }) => rule === id).map((one) => one.found.length);
      expect(Math.min(...lengths)).toBe(0);
      expect(Math.max(...lengths)).toBeGreaterThan(0);
    },
  );
});
