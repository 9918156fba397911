import { describe, expect, it } from 'vitest';
import type { BundleCertificate } from './certificate.js';
import { chainAbove, mayHaveIssued, withoutCa } from './issued-by.js';

/** A CA as far as its relations go: `below` is the CA that signed it, itself when left out. */
function ca(name: string, below: BundleCertificate | null = null, over: Partial<BundleCertificate> = {}) {
  const issuer = below?.subject ?? `CN=${name}`;
  const facts = {
    subject: `CN=${name}`,
    issuer,
    fingerprint: name,
    ski: `key of ${name}`,
    aki: below?.ski ?? null,
  };
  return { ...facts, selfSigned: below === null, ...over } as BundleCertificate;
}

const root = ca('root');
const policy = ca('policy', root);
const old = ca('old', policy);
const young = ca('young', policy);
const other = ca('other');
const always = () => true;
const names = (found: readonly BundleCertificate[] | null) =>
  found?.map(({ fingerprint }) => fingerprint) ?? null;

describe('the CAs above one', () => {
  it('are those up to the root, nearest first, in whatever order they are known', () => {
    expect(names(chainAbove(old, [other, root, young, policy], always))).toEqual(['policy', 'root']);
    expect(names(chainAbove(root, [], always))).toEqual([]);
  });

  it('are not known without the root, or without what is between', () => {
    expect(chainAbove(old, [policy], always)).toBeNull();
    expect(chainAbove(old, [root], always)).toBeNull();
  });

  it('are not those that have the name and did not sign', () => {
    const namesake = ca('policy', root, { fingerprint: 'namesake' });
    const signed = (issuer: BundleCertificate) => issuer !== namesake;
    expect(names(chainAbove(old, [namesake, policy, root], signed))).toEqual(['policy', 'root']);
    expect(mayHaveIssued({ ...policy, ski: 'another key' }, old)).toBe(false);
    expect(mayHaveIssued({ ...policy, subject: 'CN=Policy' }, { ...old, aki: null })).toBe(true);
  });

  it('end where cross-signed CAs lead in a circle, and take the way that leads out', () => {
    const a = ca('a', ca('b'));
    const b = ca('b', ca('a'));
    expect(chainAbove(ca('c', a), [a, b], always)).toBeNull();
    const crossed = ca('b', root, { fingerprint: 'b by root' });
    expect(names(chainAbove(ca('c', a), [b, a, crossed, root], always))).toEqual(['a', 'b by root', 'root']);
  });
});

describe('a bundle without a CA', () => {
  it('keeps what is above it where something else needs it, which then still vouches for it', () => {
    const { kept, vouching } = withoutCa([root, policy, old, young, other], old);
    expect([names(kept), names(vouching)]).toEqual([['root', 'policy', 'young', 'other'], ['policy']]);
  });

  it('loses all that was there for it', () => {
    const { kept, vouching } = withoutCa([root, policy, old, other], old);
    expect([names(kept), names(vouching)]).toEqual([['other'], []]);
  });

  it('keeps a root that another CA needs, which vouches for nobody but what it signed', () => {
    const { kept, vouching } = withoutCa([root, policy, old, ca('sister', root)], old);
    expect([names(kept), names(vouching)]).toEqual([['root', 'sister'], []]);
  });

  it('loses a root with all its certificates, and not another key of its name', () => {
    const renewed = ca('root', null, { fingerprint: 'renewed' });
    const rekeyed = ca('root', null, { fingerprint: 'rekeyed', keyDigest: 'another' });
    const { kept, vouching } = withoutCa([root, renewed, rekeyed, other], root);
    expect([names(kept), names(vouching)]).toEqual([['rekeyed', 'other'], []]);
  });
});
