import { describe, expect, it } from 'vitest';
import type { OidcSettings } from '#platform';
import { RequestFault } from '../http/request-fault.js';
import { callerOfClaims } from './oidc-claims.js';

const SETTINGS: OidcSettings = {
  ...{ issuer: 'https://idp.example', audience: 'windlass', rolesClaim: 'groups', fleetsClaim: null },
  roles: { sre: 'operator', leads: 'approver', 'CN=pki,OU=x': 'admin' },
};
const FLEET = '0193A1C0-7b3e-7000-8000-000000000000';

const caller = (claims: object, settings: Partial<OidcSettings> = {}) =>
  callerOfClaims({ sub: '7', groups: ['sre'], ...claims }, { ...SETTINGS, ...settings });

function refusal(claims: object, settings: Partial<OidcSettings> = {}): RequestFault | null {
  try {
    caller(claims, settings);
    return null;
  } catch (error) {
    if (error instanceof RequestFault) return error;
    throw error;
  }
}

describe('the claims of a token', () => {
  it('say who it is: issuer and subject, with what people call them', () => {
    expect(caller({ name: 'Ana', exp: 7 })).toEqual({
      ...{ kind: 'oidc', id: 'oidc:https://idp.example#7', name: 'Ana' },
      ...{ roles: ['operator'], fleets: null, until: 7_000 },
    });
  });

  it.each([
    ['the user name without a name', { preferred_username: 'ana', email: 'a@x' }, 'ana'],
    ['the address without either', { email: 'a@x' }, 'a@x'],
    ['the subject at last', {}, '7'],
    ['one line of a hundred characters', { name: `a\nb${'x'.repeat(200)}` }, `ab${'x'.repeat(98)}`],
  ])('give as name %s', (_, claims, name) => {
    expect(caller(claims).name).toBe(name);
  });

  it('of subjects that look alike are two actors, and an actor has no space', () => {
    const ids = ['a b', 'a%20b', 'a#b', 'a (b)', 'a'].map((sub) => caller({ sub }).id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).not.toMatch(/\s/);
  });

  it.each([undefined, '', 7, 'x'.repeat(256), '\ud800'])(
    'without a usable subject are nobody’s: %j',
    (sub) => {
      expect(refusal({ sub })).toMatchObject({ code: 'request.unauthorised' });
    },
  );

  it.each([
    ['a list', 'groups', { groups: ['x', 'sre', 'leads'] }, ['operator', 'approver']],
    ['one text with commas and spaces', 'groups', { groups: 'CN=pki,OU=x' }, ['admin']],
    ['several in one text', 'scope', { scope: 'openid sre' }, ['operator']],
    ['a path', 'realm_access.roles', { realm_access: { roles: ['leads'] } }, ['approver']],
    ['a name with dots', 'https://x.example/roles', { 'https://x.example/roles': ['sre'] }, ['operator']],
  ])('map %s to roles', (_, rolesClaim, claims, roles) => {
    expect(caller(claims, { rolesClaim }).roles).toEqual(roles);
  });

  it.each([
    ['none', { groups: [] }],
    ['others only', { groups: ['SRE', 'toString', 'srex'] }],
    ['no list of texts', { groups: [{ sre: true }, 7] }],
    ['no such claim', { groups: undefined }],
  ])('with %s give no role, and say what is missing', (_, claims) => {
    expect(refusal(claims)).toMatchObject({
      ...{
        code: 'oidc.unmapped',
        detail: expect.stringContaining('The claim groups of this token gives no role'),
      },
      nextAction: expect.stringContaining('WINDLASS_OIDC_ROLES'),
    });
  });

  it('reach into no prototype', () => {
    expect(refusal({}, { rolesClaim: 'constructor.name' })).toMatchObject({ code: 'oidc.unmapped' });
  });

  it.each([
    ['ids', { fleets: [FLEET, 'edge'] }, [FLEET.toLowerCase()]],
    ['a star', { fleets: '*' }, null],
  ])('confine to fleets by %s', (_, claims, fleets) => {
    expect(caller(claims, { fleetsClaim: 'fleets' }).fleets).toEqual(fleets);
  });

  it.each([{}, { fleets: [] }, { fleets: ['edge'] }])(
    'that name no fleet where they must open nothing: %j',
    (claims) => {
      expect(refusal(claims, { fleetsClaim: 'fleets' })).toMatchObject({
        ...{ code: 'oidc.unmapped', detail: 'The claim fleets of this token names no fleet.' },
      });
    },
  );
});
