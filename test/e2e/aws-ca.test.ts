import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startMoto, type TestAws } from '#kit';
import { ACCOUNT, newGroup, REGION } from '../conformance/ca-source.moto.js';
import { aFleetBody } from './bodies.js';
import { expectNowhere } from './expect-nowhere.js';
import { type RunningApi, runApi } from './running-api.js';

/** A fleet whose CAs are in AWS, from the request to the first question; the access key does not come back. */
describe('a group of CAs in AWS over the API', () => {
  const secrets: Record<string, string> = {};
  let api: RunningApi;
  let aws: TestAws;

  beforeAll(async () => {
    [api, aws] = await Promise.all([runApi(), startMoto()]);
  });
  afterAll(async () => {
    await api?.stop();
    await aws?.stop();
  });

  const aKey = () => {
    const secret = `planted-${randomUUID()}`;
    secrets[`secret ${Object.keys(secrets).length}`] = secret;
    return { id: 'AKIAIOSFODNN7EXAMPLE', secret };
  };
  const record = async (issuingCa: object) => {
    const { issuingCa: _vault, ...body } = await aFleetBody();
    const place = { kind: 'aws-pca', region: REGION, account: ACCOUNT, endpoint: aws.address };
    return api.call('POST', '/v1/fleets', { body: { ...body, issuingCa: { ...place, ...issuingCa } } });
  };
  const caOf = async (fleetId: string) => (await api.installation.parts.fleets.fleet(fleetId)).issuingCa;

  it('is recorded, shown without its key, shared, and surveyed with it', async () => {
    const { ca, oldId } = await newGroup(aws.address);
    const accessKey = aKey();
    const made = await record({ group: ca.group, accessKey });
    expect(made.status, made.text).toBe(201);
    expect(made.body.issuingCa).toEqual({
      ...{ kind: 'aws-pca', id: expect.any(String), region: REGION, account: ACCOUNT },
      ...{ group: ca.group, endpoint: aws.address, accessKeyId: accessKey.id },
    });
    const recorded = await caOf(made.body.id);
    expect(recorded.kind === 'aws-pca' && recorded.accessKey?.secret.reveal()).toBe(accessKey.secret);
    expect((await api.installation.parts.ca.survey(recorded)).defaultIssuerId).toBe(oldId);
    const again = await record({ group: ca.group });
    expect(again.body.issuingCa).toEqual({ ...made.body.issuingCa, accessKeyId: null });
    const elsewhere = await record({ group: ca.group, region: 'us-gov-west-1' });
    expect(elsewhere.body.issuingCa.id).not.toBe(made.body.issuingCa.id);
  });

  it('gets another access key, or the role of the machine, and no login of a Vault', async () => {
    const { body } = await record({ group: 'clients' });
    const path = `/v1/fleets/${body.id}/issuing-ca/login`;
    const accessKey = aKey();
    const replaced = await api.call('PUT', path, { body: { accessKey } });
    expect(replaced).toMatchObject({ status: 200, body: { issuingCa: { accessKeyId: accessKey.id } } });
    const recorded = await caOf(body.id);
    expect(recorded.kind === 'aws-pca' && recorded.accessKey?.secret.reveal()).toBe(accessKey.secret);
    const byRole = await api.call('PUT', path, { body: { accessKey: null } });
    expect(byRole.body.issuingCa.accessKeyId).toBeNull();
    const refused = await api.call('PUT', path, { body: { token: 't' } });
    expect(refused).toMatchObject({ status: 409, body: { code: 'ca.other-login' } });

    const vault = await api.call('POST', '/v1/fleets', { body: await aFleetBody() });
    const toVault = `/v1/fleets/${vault.body.id}/issuing-ca/login`;
    const other = await api.call('PUT', toVault, { body: { accessKey: aKey() } });
    expect(other).toMatchObject({ status: 409, body: { code: 'ca.other-login' } });
    const ways = await api.call('PATCH', `/v1/fleets/${body.id}/issuing-ca`, {
      body: { pinnedRoles: 'move' },
    });
    expect(ways).toMatchObject({ status: 409, body: { code: 'ca.not-of-vault' } });
    const uploads = `/v1/fleets/${body.id}/uploaded-cas`;
    expect((await api.call('GET', uploads)).body.code).toBe('ca.not-uploaded');
  });

  it.each([
    [{ region: 'Frankfurt' }, 'region'],
    [{ account: '1234' }, 'account'],
    [{ group: '' }, 'group'],
    [{ group: 'a b' }, 'group'],
    [{ endpoint: 'vpce' }, 'endpoint'],
    [{ endpoint: 'https://user@vpce.example' }, 'endpoint'],
    [{ accessKey: { id: 'short', secret: 's' } }, 'accessKey/id'],
    [{ accessKey: { id: 'AKIAIOSFODNN7EXAMPLE' } }, 'accessKey/secret'],
    [{ mount: 'pki' }, 'mount'],
  ])('names the field at fault in %j', async (over, field) => {
    const reply = await record({ group: 'clients', ...over });
    expect(reply.body).toMatchObject({
      ...{ status: 400, code: 'request.invalid' },
      errors: [{ pointer: `#/issuingCa/${field}` }],
    });
  });

  it('takes one login at a time', async () => {
    const path = `/v1/fleets/${randomUUID()}/issuing-ca/login`;
    const both = await api.call('PUT', path, { body: { token: 't', accessKey: null } });
    expect(both.body.errors).toMatchObject([{ pointer: '#/accessKey' }]);
  });

  it('keeps the key to itself: it is in no row, no line of the log and no reply', async () => {
    expect(Object.keys(secrets).length).toBeGreaterThan(2);
    await expectNowhere(api, secrets, {
      database: 'us-gov-west-1',
      log: 'issuing-ca/login',
      replies: '"kind":"aws-pca"',
    });
  });
});
