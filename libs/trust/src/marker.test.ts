import { describe, expect, it } from 'vitest';
import type { BundleCertificate } from './certificate.js';
import { MARKER, ROOT } from './certificates.fixture.js';
import { isMarker, markerName, markerOf, readMarkerName } from './marker.js';
import { parseBundle } from './parse-bundle.js';

const DIGEST = '0123456789ABCDEF'.repeat(4);
const NAME = 'windlass edge generation 7 0123456789ab';

describe('markerName', () => {
  it('names fleet, number and the start of the digest in lower case', () => {
    expect(markerName('edge', 7, DIGEST)).toBe(NAME);
  });

  it('writes a dash for what a name in a certificate should not hold', () => {
    expect(markerName('Käse & Brot/eu_1.a', 1, DIGEST)).toBe(
      'windlass K-se---Brot-eu_1.a generation 1 0123456789ab',
    );
  });

  it.each([1, 99_999, Number.MAX_SAFE_INTEGER])(
    'is 64 characters at most and can be read back (%i)',
    (number) => {
      const name = markerName('f'.repeat(100), number, DIGEST);
      expect(name.length).toBe(64);
      expect(readMarkerName(name)).toMatchObject({ number, digestPrefix: '0123456789ab' });
    },
  );

  it('has a name for a fleet without one', () => {
    expect(readMarkerName(markerName('', 1, DIGEST))?.fleet).toBe('fleet');
  });

  it('differs between fleets, numbers and digests', () => {
    const names = [
      markerName('edge', 1, DIGEST),
      markerName('edge', 2, DIGEST),
      markerName('core', 1, DIGEST),
      markerName('edge', 1, DIGEST.replace('0', '1')),
    ];
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('readMarkerName', () => {
  it('reads what markerName wrote', () => {
    expect(readMarkerName(NAME)).toEqual({ fleet: 'edge', number: 7, digestPrefix: '0123456789ab' });
  });

  it.each([
    '',
    'windlass edge generation 0 0123456789ab',
    'windlass edge generation 07 0123456789ab',
    'windlass edge generation 7 0123456789AB',
    'windlass edge generation 7 0123456789abc',
    'windlass two words generation 7 0123456789ab',
    'windlass edge generation 7 0123456789ab ',
    'my windlass edge generation 7 0123456789ab',
  ])('takes %j for something else', (name) => {
    expect(readMarkerName(name)).toBeNull();
  });
});

describe('isMarker', () => {
  function marker(facts: Partial<BundleCertificate> = {}): BundleCertificate {
    const [certificate] = parseBundle(MARKER).certificates;
    if (certificate === undefined) throw new Error('the marker can be read');
    return { ...certificate, ...facts };
  }

  it('knows a marker', () => {
    expect(isMarker(marker())).toBe(true);
  });

  it.each([
    { what: 'is in date', facts: { notAfter: Date.UTC(2030, 0, 1) } },
    { what: 'is a CA', facts: { isCa: true } },
    { what: 'was issued by another', facts: { selfSigned: false } },
    { what: 'has another name', facts: { commonName: 'windlass' } },
    { what: 'has no name', facts: { commonName: null } },
  ])('takes no certificate for one that $what', ({ facts }) => {
    expect(isMarker(marker(facts))).toBe(false);
  });

  it('takes no root for one', () => {
    expect(parseBundle(ROOT).certificates.map(isMarker)).toEqual([false]);
  });
});

describe('markerOf', () => {
  it('finds the one marker among the served names', () => {
    expect(markerOf(['CN=Example Root,C=DE', `CN=${NAME}`])).toBe(NAME);
  });

  it.each([
    { what: 'without a marker', names: ['CN=Example Root,C=DE'] },
    { what: 'with two', names: [`CN=${NAME}`, `CN=${markerName('edge', 8, DIGEST)}`] },
    { what: 'with one twice', names: [`CN=${NAME}`, `CN=${NAME}`] },
    { what: 'with more than a CN in its name', names: [`CN=${NAME},O=x`, `O=x,CN=${NAME}`] },
    { what: 'of nobody', names: [] },
  ])('is null of a list $what', ({ names }) => {
    expect(markerOf(names)).toBeNull();
  });
});
