import { describe, expect, it } from 'vitest';
import type { CaSurvey, IssuingCa } from '../ports/ca-source.js';
import { Secret } from '../ports/secret.js';
import type { EffectContext } from './context.js';
import {
  refuseMuteIssuer,
  refuseOtherDefault,
  refusePinnedRoles,
  refuseStrayRoles,
  surveyRoles,
} from './mount-checks.js';

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

describe('roles that name an issuer', () => {
  const MOVES: IssuingCa = { ...CA, pinnedRoles: 'move' };
  const roles = [
    { name: 'clients', issuerRef: 'default' },
    { name: 'by id', issuerRef: 'old' },
    { name: 'by name', issuerRef: 'first' },
    { name: 'of others', issuerRef: 'third' },
  ];
  const atFirst = found({ roles, defaultIssuerId: 'old' });

  it('are refused, or move where they name the old one', () => {
    expect(() => surveyRoles(atFirst, CA)).toThrow(/by id -> old, by name -> first, of others -> third/);
    expect(surveyRoles(atFirst, MOVES)).toEqual({
      pinnedRoles: roles.slice(1, 3),
      otherRoles: roles.slice(3),
    });
    expect(surveyRoles(found({ defaultIssuerId: 'old' }), MOVES)).toEqual({ pinnedRoles: [] });
  });

  it('may not name a third issuer where our own probes come from', () => {
    expect(() => surveyRoles(atFirst, { ...MOVES, role: 'of others' })).toThrow(/: of others -> third\./);
    expect(() => surveyRoles(atFirst, { ...MOVES, role: 'by id' })).not.toThrow();
  });

  const context = (pinnedRoles?: readonly object[]) =>
    ({
      fleet: { issuingCa: MOVES },
      state: {
        effects: new Map<string, object>([
          ['ca.survey', { status: 'done', result: { defaultIssuerId: 'old', pinnedRoles } }],
          ['ca.prepare', { status: 'done', result: { issuerId: 'new' } }],
        ]),
      },
    }) as unknown as EffectContext;
  const changedTo = (...changed: readonly { name: string; issuerRef: string }[]) => {
    const all = new Map([...roles, ...changed].map((role) => [role.name, role]));
    return found({ roles: [...all.values()] });
  };
  const moved = roles.slice(1, 3).map(({ name }) => ({ name, issuerRef: 'new' }));

  it('have to have moved, all of them and nowhere else', () => {
    const known = context(roles.slice(1, 3));
    expect(() => refuseStrayRoles(changedTo(...moved), known)).not.toThrow();
    expect(() =>
      refuseStrayRoles(changedTo({ name: 'by id', issuerRef: 'windlass-r' }, ...moved.slice(1)), known),
    ).not.toThrow();
    expect(() => refuseStrayRoles(changedTo(...moved.slice(1)), known)).toThrow(
      /Role by id .* issues from old/,
    );
    const third = { name: 'by name', issuerRef: 'default' };
    expect(() => refuseStrayRoles(changedTo(...moved, third), known)).toThrow(
      /Role by name .* issues from default/,
    );
    const fresh = { name: 'fresh', issuerRef: 'first' };
    expect(() => refuseStrayRoles(changedTo(...moved, fresh), known)).toThrow(/: fresh -> first\./);
    const gone = found({ roles: moved.slice(1) });
    expect(() => refuseStrayRoles(gone, known)).not.toThrow();
  });

  it('are all refused by a rotation that moves none', () => {
    expect(() => refuseStrayRoles(changedTo(...moved), context())).toThrow(/of others -> third/);
  });
});
