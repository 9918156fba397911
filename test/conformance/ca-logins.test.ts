import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LoggedInCaSource, VaultCaLogins, VaultCaSource, VaultLogins } from '#ca-source';
import { type AppRole, PortError, Secret, type VaultCa, type VaultTokenCa } from '#engine';
import { startVault, type TestVault } from '../kit/vault.js';
import { newAppRole, type TestAppRole, watched, wrap } from './ca-logins.vault.js';
import { callApi, newIssuingCa, ONE_YEAR } from './ca-source.backends.js';

const HOUR = 3_600_000;
const newRoot = { name: 'windlass-new', commonName: 'New CA', ttlSeconds: ONE_YEAR };

let vault: TestVault;
let ca: VaultTokenCa;

beforeAll(async () => {
  vault = await startVault();
  ({ ca } = await newIssuingCa(vault));
});
afterAll(() => vault?.stop());

/** Vault with logins whose clock stands still unless it is moved. */
function aSource() {
  const clock = { now: Date.now() };
  return { clock, source: new LoggedInCaSource(new VaultCaSource(), new VaultLogins(() => clock.now)) };
}

const revokeTokens = ({ mount }: TestAppRole) =>
  callApi(vault, 'PUT', `sys/leases/revoke-prefix/auth/${mount}`);

describe('a login by AppRole', () => {
  it('is made once, however many calls begin at once', async () => {
    const role = await newAppRole(vault, ca.mount);
    const seen = await watched(vault, ca, await role.secretId());
    const { source } = aSource();
    await Promise.all(Array.from({ length: 8 }, () => source.survey(seen.ca)));
    await source.survey(seen.ca);
    expect([seen.logins(), seen.renewals()]).toEqual([1, 0]);
    await seen.close();
  });

  it.each([
    ['renewed before its token ends', {}, 0.7, [1, 1]],
    ['left alone before that', {}, 0.6, [1, 0]],
    ['made anew when the token has ended', {}, 1.1, [2, 0]],
    ['made anew for a token that cannot be renewed', { token_type: 'batch' }, 0.7, [2, 0]],
  ])('is %s', async (_what, settings, share, counts) => {
    const role = await newAppRole(vault, ca.mount, settings);
    const seen = await watched(vault, ca, await role.secretId());
    const { source, clock } = aSource();
    await source.survey(seen.ca);
    clock.now += share * HOUR;
    await Promise.all([source.survey(seen.ca), source.survey(seen.ca)]);
    expect([seen.logins(), seen.renewals()]).toEqual(counts);
    await seen.close();
  });

  it('is made anew when the token expired before its time by our clock (F21)', async () => {
    const role = await newAppRole(vault, ca.mount, { token_ttl: '1s' });
    const seen = await watched(vault, ca, await role.secretId());
    const { source } = aSource();
    await source.survey(seen.ca);
    await sleep(1_200);
    await Promise.all([source.survey(seen.ca), source.survey(seen.ca), source.survey(seen.ca)]);
    expect(seen.logins()).toBe(2);
    await seen.close();
  });

  it('is made anew in the middle of a call, which is then repeated and makes one issuer (F21)', async () => {
    const own = await newIssuingCa(vault);
    const role = await newAppRole(vault, own.ca.mount);
    let revoked = 0;
    const seen = await watched(vault, own.ca, await role.secretId(), async (asked) => {
      if (/root\/rotate/.test(asked) && revoked++ === 0) await revokeTokens(role);
    });
    const { source } = aSource();
    const issuer = await source.prepareIssuer(seen.ca, newRoot);
    expect(issuer.usage).not.toContain('issuing-certificates');
    expect([(await source.survey(seen.ca)).issuers.length, seen.logins()]).toEqual([2, 2]);
    await seen.close();
  });

  it('is made with the new secret id as soon as one is stored', async () => {
    const role = await newAppRole(vault, ca.mount);
    const [one, other] = [await role.secretId(), await role.secretId()];
    const seen = await watched(vault, ca, one);
    const { source } = aSource();
    await source.survey(seen.ca);
    await source.survey({ ...seen.ca, appRole: other } as VaultCa);
    expect(seen.logins()).toBe(2);
    await seen.close();
  });

  it('ca.login-refused for a secret id that was revoked, as soon as its token ends', async () => {
    const role = await newAppRole(vault, ca.mount);
    const appRole = await role.secretId();
    const { source } = aSource();
    const { token: _token, ...mount } = ca;
    const ours: VaultCa = { ...mount, appRole };
    await source.survey(ours);
    const body = { secret_id: appRole.secretId.reveal() };
    await callApi(vault, 'POST', `${role.path}/secret-id/destroy`, body);
    await revokeTokens(role);
    expect(await refusal(() => source.survey(ours), appRole.secretId)).toMatchObject({
      code: 'ca.login-refused',
      message: expect.stringContaining(role.mount),
      nextStep: expect.stringMatching(/revoked.*secret-id\).*PUT \/v1\/fleets/),
    });
    expect((await source.survey({ ...mount, appRole: await role.secretId() })).issuers.length).toBe(1);
  });

  it.each([
    ['an AppRole that is not mounted', { mount: 'nowhere' }],
    ['a role id that nobody has', { roleId: 'nobody' }],
  ])('ca.login-refused for %s', async (_what, wrong: Partial<AppRole>) => {
    const role = await newAppRole(vault, ca.mount);
    const { token: _token, ...mount } = ca;
    const appRole = { ...(await role.secretId()), ...wrong };
    const failed = refusal(() => aSource().source.survey({ ...mount, appRole }), appRole.secretId);
    expect(await failed).toMatchObject({ code: 'ca.login-refused' });
  });

  it('ca.login-refused for tokens that are good for so many requests', async () => {
    const role = await newAppRole(vault, ca.mount, { token_num_uses: 3 });
    const { token: _token, ...mount } = ca;
    const appRole = await role.secretId();
    const failed = refusal(() => aSource().source.survey({ ...mount, appRole }), appRole.secretId);
    expect(await failed).toMatchObject({ nextStep: expect.stringContaining('token_num_uses=0') });
  });

  it('ca.denied tells that a right lacks, when the login was taken', async () => {
    const role = await newAppRole(vault, ca.mount, { token_policies: ['default'] });
    const appRole = await role.secretId();
    const seen = await watched(vault, ca, appRole);
    const problem = await refusal(() => aSource().source.prepareIssuer(seen.ca, newRoot), appRole.secretId);
    expect(problem).toMatchObject({ code: 'ca.denied', nextStep: expect.stringContaining('a right') });
    expect(seen.logins()).toBe(2);
    await seen.close();
  });

  it('waits while Vault is sealed, and goes on then', async () => {
    const role = await newAppRole(vault, ca.mount);
    const { token: _token, ...mount } = ca;
    const ours: VaultCa = { ...mount, appRole: await role.secretId() };
    const { source } = aSource();
    await vault.seal();
    try {
      await expect(source.survey(ours)).rejects.toMatchObject({ transient: true });
    } finally {
      await vault.unseal();
    }
    expect((await source.survey(ours)).issuers.length).toBe(1);
  });
});

describe('a wrapped secret id', () => {
  const logins = new VaultCaLogins();
  const unwrap = (role: TestAppRole, wrapped: Secret) =>
    logins.unwrap(ca, { mount: role.mount, roleId: role.roleId, wrapped });

  it('is opened once, and somebody who opens it again is told that it was', async () => {
    const role = await newAppRole(vault, ca.mount);
    const wrapped = await role.wrapped();
    const secretId = await unwrap(role, wrapped);
    const { token: _token, ...mount } = ca;
    const appRole = { mount: role.mount, roleId: role.roleId, secretId };
    expect((await aSource().source.survey({ ...mount, appRole })).issuers.length).toBe(1);
    expect(await refusal(() => unwrap(role, wrapped), wrapped)).toMatchObject({
      code: 'ca.wrapping-used',
      message: expect.stringMatching(/^SECURITY: .*somebody else/),
      nextStep: expect.stringContaining('stolen'),
    });
  });

  it('ca.wrapping-used when somebody opens it between the look and the opening', async () => {
    const role = await newAppRole(vault, ca.mount);
    const wrapped = await role.wrapped();
    const seen = await watched(vault, ca, await role.secretId(), async (asked) => {
      const body = { token: wrapped.reveal() };
      if (/wrapping\/lookup/.test(asked)) await callApi(vault, 'POST', 'sys/wrapping/unwrap', body);
    });
    const { mount, roleId } = role;
    const failed = refusal(() => logins.unwrap(seen.ca, { mount, roleId, wrapped }), wrapped);
    expect(await failed).toMatchObject({ code: 'ca.wrapping-used' });
    await seen.close();
  });

  it('ca.wrapping-foreign for what somebody else wrapped, which is left unopened', async () => {
    const role = await newAppRole(vault, ca.mount);
    const elsewhere = await newAppRole(vault, ca.mount);
    const forged = await wrap(vault, 'sys/wrapping/wrap', { secret_id: 'of somebody else' });
    for (const wrapped of [forged, await elsewhere.wrapped()]) {
      expect(await refusal(() => unwrap(role, wrapped), wrapped)).toMatchObject({
        code: 'ca.wrapping-foreign',
        message: expect.stringContaining(`"auth/${role.mount}/role/<role>/secret-id"`),
      });
      await callApi(vault, 'POST', 'sys/wrapping/unwrap', { token: wrapped.reveal() });
    }
  });

  it('ca.wrapping-counted for one that is good for some logins only', async () => {
    const role = await newAppRole(vault, ca.mount, { secret_id_num_uses: 5 });
    const wrapped = await role.wrapped();
    const failed = refusal(() => unwrap(role, wrapped), wrapped);
    expect(await failed).toMatchObject({
      code: 'ca.wrapping-counted',
      message: expect.stringContaining('5'),
    });
  });

  it('ca.login-refused for the secret id of another role', async () => {
    const role = await newAppRole(vault, ca.mount);
    const wrapped = await role.wrapped();
    const failed = refusal(() => unwrap({ ...role, roleId: 'another' }, wrapped), wrapped);
    expect(await failed).toMatchObject({ code: 'ca.login-refused' });
  });
});

/** Runs what must be refused for good, and looks for the secret in whatever could be printed of it. */
async function refusal(action: () => Promise<unknown>, secret: Secret) {
  const error = await action().then(
    () => new Error('it was not refused'),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof PortError)) throw error;
  expect(error.transient).toBe(false);
  for (const text of [JSON.stringify(error), inspect(error, { depth: 20 }), error.stack ?? '']) {
    expect(text).not.toContain(secret.reveal());
  }
  return error.problem;
}
