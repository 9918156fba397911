import { describe, expect, it } from 'vitest';
import { ISSUING, LEAF, MARKER, OTHER, ROOT } from './certificates.fixture.js';
import { anchorsOf, composeGeneration, digestOf, NotComposable } from './generation.js';
import { parseBundle } from './parse-bundle.js';

const MARKER_NAME = 'windlass edge generation 7 0123456789ab';

function subjectsOf(text: string): string[] {
  return parseBundle(text).certificates.map(({ subject }) => subject);
}

describe('composeGeneration', () => {
  it('gives the same bytes on every machine and day', () => {
    const generation = composeGeneration({ anchorsPem: [ROOT, OTHER], markerPem: MARKER });
    expect(generation.digest).toBe('8f6076c68d5da09a6baed306de72ef7a4f93e5e4cb8c1c7bc422986b8a27f423');
    expect(generation.digest).toBe(digestOf(generation.content));
    expect(generation.marker).toBe(MARKER_NAME);
  });

  it('gives the same bytes however the anchors are written and split', () => {
    const { digest } = composeGeneration({ anchorsPem: [ROOT, OTHER], markerPem: null });
    const variants = [
      [ROOT + OTHER],
      [`# comment\n${ROOT}junk\n${OTHER}`],
      [ROOT.replaceAll('\n', '\r\n').trimEnd(), `\uFEFF${OTHER}`],
      [ROOT, ROOT + OTHER, OTHER],
    ];
    const digests = variants.map((anchorsPem) => composeGeneration({ anchorsPem, markerPem: null }).digest);
    expect(new Set(digests)).toEqual(new Set([digest]));
  });

  it('keeps the order of the anchors and puts the marker last', () => {
    const { content } = composeGeneration({ anchorsPem: [OTHER, ISSUING, ROOT], markerPem: MARKER });
    expect(subjectsOf(content)).toEqual([
      'CN=other,O=Ünlimited\\, \\"quoted\\" \\+ Söhne',
      'CN=Example Issuing',
      'CN=Example Root,O=Acme GmbH,C=DE',
      `CN=${MARKER_NAME}`,
    ]);
  });

  it('drops the markers of other generations', () => {
    const before = composeGeneration({ anchorsPem: [ROOT], markerPem: MARKER });
    expect(composeGeneration({ anchorsPem: [before.content], markerPem: null })).toEqual(
      composeGeneration({ anchorsPem: [ROOT], markerPem: null }),
    );
  });

  it('survives being composed of its own text', () => {
    const once = composeGeneration({ anchorsPem: [ROOT, OTHER], markerPem: MARKER });
    expect(composeGeneration({ anchorsPem: [once.content], markerPem: MARKER })).toEqual(once);
  });

  it('writes ASCII only, in lines that OpenSSL reads whole', () => {
    const { content } = composeGeneration({ anchorsPem: [ROOT, OTHER, ISSUING], markerPem: MARKER });
    expect(content).toMatch(/^[\x20-\x7e\n]*$/);
    expect(Math.max(...content.split('\n').map((line) => line.length))).toBeLessThan(254);
    expect(content.endsWith('-----END CERTIFICATE-----\n')).toBe(true);
  });

  it.each([
    { what: 'an anchor that cannot be read', parts: { anchorsPem: [ROOT, 'no PEM'], markerPem: null } },
    { what: 'an empty anchor', parts: { anchorsPem: [''], markerPem: null } },
    { what: 'a marker that is a CA', parts: { anchorsPem: [ROOT], markerPem: OTHER } },
    { what: 'a marker that is a client', parts: { anchorsPem: [ROOT], markerPem: LEAF } },
    { what: 'two markers', parts: { anchorsPem: [ROOT], markerPem: MARKER + MARKER } },
    { what: 'a marker that is no PEM', parts: { anchorsPem: [ROOT], markerPem: '' } },
  ])('refuses $what', ({ parts }) => {
    expect(() => composeGeneration(parts)).toThrowError(NotComposable);
  });
});

describe('anchorsOf', () => {
  it('gives each CA once, no markers and no leaves', () => {
    const bundle = parseBundle(ROOT + LEAF + MARKER + ISSUING + ROOT);
    expect(anchorsOf(bundle).map(({ subject }) => subject)).toEqual([
      'CN=Example Root,O=Acme GmbH,C=DE',
      'CN=Example Issuing',
    ]);
  });
});
