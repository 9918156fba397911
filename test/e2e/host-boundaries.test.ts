import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aFleetBody, aHostBody } from './bodies.js';
import { type RunningApi, runApi } from './running-api.js';

const target = (address: string) => ({ address, port: 443, serverName: null, path: '/' });

describe('probe targets', () => {
  let api: RunningApi;
  let path: string;

  beforeAll(async () => {
    api = await runApi();
    const fleet = await api.call('POST', '/v1/fleets', { body: await aFleetBody() });
    path = `/v1/fleets/${fleet.body.id}/hosts`;
  });
  afterAll(() => api.stop());

  const enrol = (body: unknown) => api.call('POST', path, { body });

  it.each(['10.9.9.9', '169.254.169.254', '127.0.0.1', '::1', '::ffff:127.0.0.1'])(
    'at %s are refused, and the host with them',
    async (address) => {
      const body = aHostBody({ probeTargets: [target(address)] });
      const reply = await enrol(body);
      expect(reply).toMatchObject({
        status: 422,
        body: {
          code: 'probe.not-allowed',
          errors: [{ pointer: '#/probeTargets/0/address' }],
          nextAction: expect.stringContaining('WINDLASS_PROBE_RANGES'),
        },
      });
      const listed = await api.call('GET', path);
      expect(JSON.stringify(listed.body)).not.toContain(String(body.name));
    },
  );

  it('are named by their place among many', async () => {
    const [good, bad] = [aHostBody(), aHostBody()];
    const targets = [...(bad.probeTargets as object[]), target('10.9.9.9')];
    const reply = await enrol({ hosts: [good, { ...bad, probeTargets: targets }] });
    expect(reply.body.errors).toMatchObject([{ pointer: '#/hosts/1/probeTargets/1/address' }]);
  });

  it('may be at the address of any host, enrolled before or with the same request', async () => {
    const [one, other, third] = [aHostBody(), aHostBody(), aHostBody()];
    const both = { hosts: [one, { ...other, probeTargets: [target(String(one.address))] }] };
    expect((await enrol(both)).status).toBe(201);
    expect((await enrol({ ...third, probeTargets: [target(String(other.address))] })).status).toBe(201);
  });
});

describe('paths on hosts', () => {
  let api: RunningApi;
  let path: string;

  beforeAll(async () => {
    api = await runApi();
    path = `/v1/fleets/${(await api.call('POST', '/v1/fleets', { body: await aFleetBody() })).body.id}/hosts`;
  });
  afterAll(() => api.stop());

  it.each(['/root/ca.pem', '/proc/1/mem', '/etcetera/ca.pem', '/var/log/ca.pem', '/tmp/ca.pem'])(
    'may not be %s for a bundle',
    async (managedPath) => {
      const body = aHostBody({ managedPaths: ['/etc/nginx/ca.pem', managedPath] });
      const { status, body: problem } = await api.call('POST', path, { body });
      expect({ status, ...problem }).toMatchObject({
        status: 422,
        code: 'path.not-allowed',
        errors: [{ pointer: '#/managedPaths/1', detail: expect.stringContaining('/usr/local') }],
        nextAction: expect.stringContaining('WINDLASS_MANAGED_FOLDERS'),
      });
    },
  );

  it.each(['/etc/shadow', '/root/.bash_history', '/var/lib/postgresql/log'])(
    'may not be %s for a log of clients',
    async (clientLog) => {
      const reply = await api.call('POST', '/v1/fleets', { body: await aFleetBody({ clientLog }) });
      expect(reply.body).toMatchObject({
        code: 'path.not-allowed',
        errors: [{ pointer: '#/clientLog' }],
      });
    },
  );

  it('may be below the folders that are allowed', async () => {
    const managedPaths = ['/etc/nginx/ca.pem', '/usr/local/nginx/conf/ca.pem', '/opt/a b/ca.pem'];
    expect((await api.call('POST', path, { body: aHostBody({ managedPaths }) })).status).toBe(201);
    const body = await aFleetBody({ clientLog: '/var/log/nginx/clients.log' });
    expect((await api.call('POST', '/v1/fleets', { body })).status).toBe(201);
  });
});
