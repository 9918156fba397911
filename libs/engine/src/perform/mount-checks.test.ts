import { describe, expect, it } from 'vitest';
import type { CaSurvey, IssuingCa } from '../ports/ca-source.js';
import { Secret } from '../ports/secret.js';
import { refuseMuteIssuer, refuseOtherDefault, refusePinnedRoles } from './mount-checks.js';

const CA: IssuingCa = {
  ...{ id: 'ca', address: 'https://vault.example', namespace: '', mount: 'pki', role: 'clients' },
  ...{ kind: 'vault', token: new Secret('t'), serverCaPem: null },
};

function found(over: Partial<CaSurvey> = {}): CaSurvey {
  const issuer = { certificatePem: '', usage: [] };
  return {
    ...{ product: 'Vault', defaultIssuerId: 'new', defaultFollowsLatest: false, roles: [] },
    issuers: [
      { ...issuer, id: 'old', name: 'first' },
      { ...issuer, id: 'new', name: 'windlass-r' },
    ],
    ...over,
  };
}

describe('a mount that somebody changed', () => {
  it('names the roles that do not follow the default', () => {
    const roles = [
      { name: 'clients', issuerRef: 'default' },
      { name: 'unset', issuerRef: '' },
      { name: 'robots', issuerRef: 'first' },
    ];
    expect(() => refusePinnedRoles(roles, CA)).toThrow(/default: robots -> first\./);
    expect(() => refusePinnedRoles(roles.slice(0, 2), CA)).not.toThrow();
  });

  it('names the issuer that is the default instead of the new one', () => {
    expect(() => refuseOtherDefault(found({ defaultIssuerId: 'old' }), CA, 'new')).toThrow(
      /is first, and not/,
    );
    expect(() => refuseOtherDefault(found({ defaultIssuerId: 'gone' }), CA, 'new')).toThrow(
      /is gone, and not/,
    );
    expect(() => refuseOtherDefault(found(), CA, 'new')).not.toThrow();
  });

  it('names a new issuer that may not issue, or that is gone', () => {
    expect(() => refuseMuteIssuer(found(), CA, 'new')).toThrow(/windlass-r of .* may not issue/);
    expect(() => refuseMuteIssuer(found(), CA, 'gone')).toThrow(/gone of .* may not issue/);
    const issuers = [
      { id: 'new', name: 'windlass-r', certificatePem: '', usage: ['issuing-certificates'] as const },
    ];
    expect(() => refuseMuteIssuer(found({ issuers }), CA, 'new')).not.toThrow();
  });
});
