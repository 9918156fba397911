import { describe, expect, it } from 'vitest';
import type { Bundle } from './bundle.js';
import type { BundleCertificate } from './certificate.js';
import { ISSUING, LEAF, MARKER, OTHER, ROOT } from './certificates.fixture.js';
import { parseBundle } from './parse-bundle.js';
import { trustDiff } from './trust-diff.js';

function diff(before: string, after: string) {
  const { added, removed, text } = trustDiff(parseBundle(before), parseBundle(after));
  const names = (list: readonly { commonName: string | null }[]) => list.map(({ commonName }) => commonName);
  return { added: names(added), removed: names(removed), text };
}

/** Every certificate of the bundle, issued again. */
function reissued(bundle: Bundle, over: Partial<BundleCertificate>): Bundle {
  const certificates = bundle.certificates.map((one) => ({ ...one, fingerprint: 'f'.repeat(64), ...over }));
  return { ...bundle, certificates };
}

describe('trustDiff', () => {
  it('names what comes and what goes', () => {
    const { added, removed, text } = diff(ROOT + ISSUING, ISSUING + OTHER);
    expect([added, removed]).toEqual([['other'], ['Example Root']]);
    expect(text).toBe(
      '+1 -1 anchors: added CN=other,O=Ünlimited\\, \\"quoted\\" \\+ Söhne (e36de0957ca2); removed CN=Example Root,O=Acme GmbH,C=DE (0cd3463df940)',
    );
  });

  it.each([
    { what: 'the order', before: ROOT + OTHER, after: OTHER + ROOT },
    { what: 'duplicates', before: ROOT, after: ROOT + ROOT },
    { what: 'the marker', before: ROOT, after: ROOT + MARKER },
    { what: 'leaves', before: ROOT, after: ROOT + LEAF },
    { what: 'how the text is written', before: ROOT, after: `# a\n${ROOT.replaceAll('\n', '\r\n')}` },
  ])('does not count $what', ({ before, after }) => {
    expect(diff(before, after)).toEqual({ added: [], removed: [], text: '+0 -0 anchors' });
  });

  it('counts a new key under the same name as one that comes and one that goes', () => {
    const bundle = parseBundle(ROOT);
    const { added, removed, renewed } = trustDiff(bundle, reissued(bundle, { keyDigest: 'k' }));
    expect([added.length, removed.length, renewed.length]).toEqual([1, 1, 0]);
  });

  it('knows a CA that was renewed with its key: its clients are let in before and after', () => {
    const bundle = parseBundle(ROOT);
    const { added, removed, text } = trustDiff(bundle, reissued(bundle, {}));
    expect([added, removed]).toEqual([[], []]);
    expect(text).toBe(
      '+0 -0 anchors: renewed with the same key CN=Example Root,O=Acme GmbH,C=DE (ffffffffffff)',
    );
  });

  it('counts all of a first generation as added', () => {
    expect(diff('', ROOT + OTHER).added).toEqual(['Example Root', 'other']);
  });
});
