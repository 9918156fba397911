import { describe, expect, it } from 'vitest';
import type { BundleCertificate } from './certificate.js';
import { withoutAnchors } from './distrust.js';

function ca(name: string, above: BundleCertificate | null, id: string): BundleCertificate {
  const facts = { subject: `CN=${name}`, issuer: above?.subject ?? `CN=${name}`, fingerprint: id, ski: id };
  return { ...facts, aki: above?.ski ?? null, selfSigned: above === null } as BundleCertificate;
}

/** A root that was re-keyed under its name, and a CA below each of the two. */
const root = ca('Root', null, 'r1');
const rekeyed = ca('Root', null, 'r2');
const old = ca('Issuing 1', root, 'i1');
const young = ca('Issuing 2', rekeyed, 'i2');
const ids = (found: readonly BundleCertificate[]) => found.map(({ fingerprint }) => fingerprint);

describe('a bundle without distrusted anchors', () => {
  it('is not held back by another key of the same name', () => {
    const { kept, vouching } = withoutAnchors([root, rekeyed, old, young], ['r1', 'i1']);
    expect([ids(kept), ids(vouching)]).toEqual([['r2', 'i2'], []]);
  });

  it('loses what was below a distrusted root, whoever else has its name', () => {
    const { kept, orphaned } = withoutAnchors([root, rekeyed, old, young], ['r1']);
    expect([ids(kept), ids(orphaned)]).toEqual([['r2', 'i2'], ['i1']]);
  });

  it('names the root that stays above a distrusted CA', () => {
    expect(ids(withoutAnchors([root, old], ['i1']).vouching)).toEqual(['r1']);
  });
});
