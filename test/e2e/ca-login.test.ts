import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { VaultTokenCa } from '#engine';
import { startVault, type TestVault } from '#kit';
import { newAppRole, type TestAppRole } from '../conformance/ca-logins.vault.js';
import { newIssuingCa } from '../conformance/ca-source.backends.js';
import { aFleetBody } from './bodies.js';
import { expectNowhere } from './expect-nowhere.js';
import { type RunningApi, runApi } from './running-api.js';

/** A fleet whose Vault is logged in to, from the request to the first question; nothing of it comes back. */
describe('a login by AppRole over the API', () => {
  const secrets: Record<string, string> = {};
  let api: RunningApi;
  let vault: TestVault;
  let ca: VaultTokenCa;
  let role: TestAppRole;

  beforeAll(async () => {
    [api, vault] = await Promise.all([runApi(), startVault()]);
    ({ ca } = await newIssuingCa(vault));
    role = await newAppRole(vault, ca.mount);
  });
  afterAll(async () => {
    await api?.stop();
    await vault?.stop();
  });

  const post = async (appRole: object, name = `f-${randomUUID()}`) => {
    const { address, mount } = ca;
    const { issuingCa: _other, ...body } = await aFleetBody({ name });
    const issuingCa = { kind: 'vault', address, mount, role: 'clients', appRole };
    return api.call('POST', '/v1/fleets', { body: { ...body, issuingCa } });
  };
  const plant = (secret: string) => {
    secrets[`secret ${Object.keys(secrets).length}`] = secret;
    return secret;
  };
  const survey = async (fleetId: string) => {
    const { fleets, ca: source } = api.installation.parts;
    return source.survey((await fleets.fleet(fleetId)).issuingCa);
  };

  it('opens a wrapped secret id when the fleet is recorded, and uses what was in it', async () => {
    const wrappedSecretId = plant((await role.wrapped()).reveal());
    const { mount, roleId } = role;
    const made = await post({ mount, roleId, wrappedSecretId });
    expect(made).toMatchObject({ status: 201, body: { issuingCa: { kind: 'vault', login: 'appRole' } } });
    const { issuingCa } = await api.installation.parts.fleets.fleet(made.body.id);
    if (issuingCa.kind !== 'vault') throw new Error('it is no Vault');
    plant(issuingCa.appRole?.secretId.reveal() ?? '');
    expect((await survey(made.body.id)).issuers).toHaveLength(1);

    const again = await post({ mount, roleId, wrappedSecretId });
    expect(again).toMatchObject({ status: 422, body: { code: 'ca.wrapping-used' } });
    expect(api.logLines.some((line) => /"level":"warn".*ca\.wrapping-used/.test(line))).toBe(true);
  });

  it('leaves it unopened where something else is wrong', async () => {
    const wrapped = await role.wrapped();
    const { mount, roleId } = role;
    const wrappedSecretId = plant(wrapped.reveal());
    const { body } = await api.call('GET', '/v1/fleets');
    const taken = await post({ mount, roleId, wrappedSecretId }, body.items[0].name);
    expect(taken.body.code).toBe('fleet.name-taken');
    expect((await post({ mount, roleId, wrappedSecretId })).status).toBe(201);
  });

  it('is replaced at the issuing CA, for a secret id that was revoked or by a token', async () => {
    const { mount, roleId } = role;
    const stale = await role.secretId();
    const made = await post({ mount, roleId, secretId: plant(stale.secretId.reveal()) });
    const body = { secret_id: stale.secretId.reveal() };
    const headers = { 'X-Vault-Token': vault.token.reveal() };
    const request = { method: 'POST', headers, body: JSON.stringify(body) };
    await fetch(`${vault.address}/v1/${role.path}/secret-id/destroy`, request);
    await expect(survey(made.body.id)).rejects.toMatchObject({ problem: { code: 'ca.login-refused' } });

    const path = `/v1/fleets/${made.body.id}/issuing-ca/login`;
    const byToken = await api.call('PUT', path, { body: { token: plant(vault.token.reveal()) } });
    expect(byToken.body.issuingCa.login).toBe('token');
    expect((await survey(made.body.id)).issuers).toHaveLength(1);

    const wrappedSecretId = plant((await role.wrapped()).reveal());
    const replaced = await api.call('PUT', path, { body: { appRole: { mount, roleId, wrappedSecretId } } });
    expect(replaced).toMatchObject({ status: 200, body: { issuingCa: { login: 'appRole' } } });
    expect((await survey(made.body.id)).issuers).toHaveLength(1);

    const nowhere = path.replace(made.body.id, randomUUID());
    expect((await api.call('PUT', nowhere, { body: { token: 't' } })).body.code).toBe('fleet.not-found');
  });

  it.each([
    [{}, 'token'],
    [{ token: 't', appRole: { roleId: 'r', secretId: 's' } }, 'appRole'],
    [{ appRole: { roleId: 'r' } }, 'appRole/secretId'],
    [{ appRole: { roleId: 'r', secretId: 's', wrappedSecretId: 'w' } }, 'appRole/wrappedSecretId'],
    [{ appRole: { roleId: '', secretId: 's' } }, 'appRole/roleId'],
    [{ appRole: { roleId: 'r', secretId: 'a b' } }, 'appRole/secretId'],
    [{ appRole: { mount: '/x', roleId: 'r', secretId: 's' } }, 'appRole/mount'],
    [{ appRole: { roleId: 'r', secretId: 's', token: 't' } }, 'appRole/token'],
  ])('names the field at fault in %j', async (login, field) => {
    const { token: _token, ...issuingCa } = (await aFleetBody()).issuingCa;
    const fleet = { ...(await aFleetBody()), issuingCa: { ...issuingCa, ...login } };
    const path = `/v1/fleets/${randomUUID()}/issuing-ca/login`;
    for (const [method, at, body, pointer] of [
      ['POST', '/v1/fleets', fleet, `#/issuingCa/${field}`],
      ['PUT', path, login, `#/${field}`],
    ] as const) {
      const reply = await api.call(method, at, { body });
      expect(reply.body).toMatchObject({ status: 400, code: 'request.invalid', errors: [{ pointer }] });
      expect(reply.body.errors).toHaveLength(1);
    }
  });

  it('is in no row, no line of the log and no reply', async () => {
    expect(Object.keys(secrets).length).toBeGreaterThan(4);
    await expectNowhere(api, secrets, {
      database: role.roleId,
      log: 'ca.wrapping-used',
      replies: '"login":"appRole"',
    });
  });
});
