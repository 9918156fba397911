import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PlayedWorker } from './played-worker.js';
import { ANY_STATE, recordFleet, requestRotation } from './recording.js';
import { type RunningApi, runApi } from './running-api.js';

let api: RunningApi;

beforeAll(async () => {
  api = await runApi();
});

afterAll(() => api?.stop());

const BY = expect.stringMatching(/^api-key:[0-9a-f-]{36} \(given in WINDLASS_ADMIN_KEY\)$/);
const LONG = `"${'1'.repeat(2_000)}"`;
const WHY = { reason: 'not today' };

async function newRotation(hosts = 1) {
  const id = await requestRotation(api, await recordFleet(api, hosts, { soakSeconds: 0 }));
  const path = `/v1/rotations/${id}`;
  const worker = new PlayedWorker(api.installation, id);
  const ask = (verb: string, body?: object, headers: Record<string, string> = ANY_STATE) =>
    api.call('POST', `${path}:${verb}`, { ...(body ? { body } : {}), headers });
  return { id, path, worker, ask, read: () => api.call('GET', path) };
}

/** Three hosts, of which the last one never confirms what was decided. */
async function blockedRotation() {
  const rotation = await newRotation(3);
  const { hosts } = (await rotation.read()).body;
  const [first, , last] = hosts.map(({ hostId }: { hostId: string }) => hostId);
  rotation.worker.fails = ({ id }) => id === `expand.1/host.confirm/${last}`;
  await rotation.worker.play(
    (state) => state.effects.get(`expand.1/host.confirm/${last}`)?.status === 'failed',
  );
  const giveUp = (hostId: string, headers: Record<string, string> = ANY_STATE) =>
    api.call('POST', `${rotation.path}/hosts/${hostId}:decommission`, { body: WHY, headers });
  return { ...rotation, first, last, giveUp };
}

describe('the ETag', () => {
  it('is the revision: mere work leaves it, a decision and a command change it', async () => {
    const { worker, ask, read } = await newRotation();
    expect((await read()).headers.etag).toBe('"1"');
    await worker.play((state) => state.effects.size > 2);
    const working = await read();
    expect([working.headers.etag, working.body.revision]).toEqual(['"1"', 1]);
    expect(working.body.version).toBeGreaterThan(4);
    await worker.play((state) => state.decisions.size === 1);
    const decided = await read();
    expect(decided.body.revision).toBeGreaterThan(1);
    const paused = await ask('pause', WHY);
    expect(paused.body.revision).toBe(decided.body.revision + 1);
    expect(paused.headers.etag).toBe(`"${paused.body.revision}"`);
  });

  it.each(['pause', 'resume', 'abort', 'retry'])('is asked for by If-Match of :%s', async (verb) => {
    const { ask, read } = await newRotation();
    const body = ['pause', 'abort'].includes(verb) ? WHY : undefined;
    const reply = await ask(verb, body, { 'If-Match': '"7"' });
    expect([reply.status, reply.body.code, reply.headers.etag]).toEqual([412, 'rotation.changed', '"1"']);
    expect(reply.body.detail).toMatch(/is pending in phase preflight and at revision 1,/);
    expect((await read()).body.version).toBe(1);
  });

  it.each(['pause', 'resume', 'abort', 'retry', 'override'])('is needed for :%s', async (verb) => {
    const { ask, read } = await newRotation();
    const body = ['pause', 'abort', 'override'].includes(verb) ? WHY : undefined;
    const reply = await ask(verb, body, {});
    expect([reply.status, reply.body.code]).toEqual([428, 'request.precondition-required']);
    expect(reply.body.nextAction).toContain('If-Match: "7"');
    expect((await read()).body.version).toBe(1);
  });

  it('answers 304 to whoever knows it, and with the rotation to whoever knows another one', async () => {
    const { path } = await newRotation();
    const ask = (tag: string) => api.call('GET', path, { headers: { 'If-None-Match': tag } });
    for (const known of ['"1"', 'W/"1"', '"0", "1"', '*']) {
      const reply = await ask(known);
      expect([reply.status, reply.text, reply.headers.etag]).toEqual([304, '', '"1"']);
    }
    expect((await ask('"0"')).status).toBe(200);
  });

  it.each(['*', '"1"', ' "1" ', '"0", "1"', 'W/"1", "1"', '"a,b","1"'])('%s matches', async (given) => {
    const { ask } = await newRotation();
    expect((await ask('pause', WHY, { 'If-Match': given })).status).toBe(202);
  });

  it.each(['"0"', 'W/"1"', '"01"', '"a", "b"', '"1,"'])('%s is of another state', async (given) => {
    const { ask } = await newRotation();
    expect((await ask('pause', WHY, { 'If-Match': given })).status).toBe(412);
  });

  it.each(['1', '"1', "'1'", 'w/"1"', '"1" "1"', ',', '**', '"1 "', LONG])('%.20s is none', async (given) => {
    const { ask } = await newRotation();
    const reply = await ask('pause', WHY, { 'If-Match': given });
    expect([reply.status, reply.body.code]).toEqual([400, 'request.malformed-if-match']);
    expect(reply.body.nextAction).toContain('If-Match: "7"');
  });
});

describe('pause and resume', () => {
  it('hold a rotation at once where nothing is half switched, and let it go on', async () => {
    const { ask } = await newRotation();
    const paused = await ask('pause', WHY);
    expect(paused.body).toMatchObject({
      status: 'paused',
      paused: { by: BY, effective: true, reason: { message: WHY.reason } },
    });
    expect((await ask('pause', { reason: 'twice' })).body).toEqual(paused.body);
    const resumed = await ask('resume');
    expect(resumed.body).toMatchObject({ paused: null, status: 'pending' });
    const again = await ask('resume');
    expect([again.status, again.body.code]).toEqual([409, 'rotation.not-paused']);
  });

  it('carry a switch of the fleet to its end first', async () => {
    const { worker, ask, read } = await newRotation(2);
    await worker.play((state) => state.decisions.has('go/expand.1/0'));
    const asked = await ask('pause', WHY);
    expect(asked.body).toMatchObject({ status: 'running', paused: { by: BY, effective: false } });
    expect(asked.body.explanation).toContain('asked for a pause');
    await worker.play((state) => state.phase === 'activate');
    expect((await read()).body).toMatchObject({ status: 'paused', paused: { effective: true } });
  });
});

describe('abort', () => {
  it('is recorded once, and refused when the fleet has decided', async () => {
    const { worker, ask } = await newRotation();
    const aborted = await ask('abort', WHY);
    expect(aborted.body).toMatchObject({ revision: 2, abort: { by: BY, because: WHY.reason } });
    expect((await ask('abort', { reason: 'twice' })).body).toEqual(aborted.body);
    await worker.play(() => false);
    const ended = await ask('abort', WHY);
    expect([ended.status, ended.body.code]).toEqual([409, 'rotation.ended']);
    const other = await newRotation();
    await other.worker.play((state) => state.decisions.has('outcome/expand.1'));
    const late = await other.ask('abort', WHY);
    expect([late.status, late.body.code]).toEqual([409, 'rotation.too-late']);
  });
});

describe('retry', () => {
  it('is for what waits for its next try, and for nothing else', async () => {
    const idle = await newRotation();
    const nothing = await idle.ask('retry');
    expect([nothing.status, nothing.body.code]).toEqual([409, 'rotation.nothing-to-retry']);
    const { ask, worker, read } = await blockedRotation();
    const { revision } = (await read()).body;
    const asked = await ask('retry', undefined, { 'If-Match': `"${revision}"` });
    expect([asked.status, asked.body.revision]).toEqual([202, revision + 1]);
    worker.fails = () => false;
    await worker.play((state) => state.phase === 'activate');
  });
});

describe('decommission', () => {
  it('gives up the host that blocks, and says so in the rotation and in the fleet', async () => {
    const { worker, read, first, last, giveUp } = await blockedRotation();
    const blocked = (await read()).body;
    expect([blocked.status, blocked.blocks[0].hostId]).toEqual(['blocked', last]);
    const healthy = await giveUp(first);
    expect([healthy.status, healthy.body.code]).toEqual([409, 'rotation.host-not-blocked']);
    expect((await giveUp(last, { 'If-Match': '"1"' })).status).toBe(412);
    const given = await giveUp(last, { 'If-Match': `"${blocked.revision}"` });
    expect(given.status).toBe(202);
    const name = given.body.hosts[2].name;
    expect(given.body).toMatchObject({
      decommissioned: [{ hostId: last, host: name, by: BY, because: WHY.reason, at: expect.any(String) }],
      blocks: [],
    });
    expect(given.body.hosts[2]).toMatchObject({ step: 'decommissioned', wave: 1, batch: 1 });
    expect((await giveUp(last)).body.revision).toBe(given.body.revision);
    const { ended } = await worker.play(() => false);
    expect(ended?.status).toBe('succeeded');
    expect((await read()).body.explanation).toMatch(
      new RegExp(`Without ${name}, which api-key:\\S+ \\(given in WINDLASS_ADMIN_KEY\\) decommissioned`),
    );
    const host = await api.call('GET', `/v1/fleets/${blocked.fleetId}/hosts/${last}`);
    expect(host.body.decommissionedAt).not.toBeNull();
  });

  it.each(['0193a1c0-7b3e-7000-8000-000000000000', 'constructor', '__proto__'])(
    '%s is no host of it',
    async (hostId) => {
      const { giveUp } = await blockedRotation();
      const reply = await giveUp(hostId);
      expect([reply.status, reply.body.code]).toEqual([404, 'host.not-found']);
    },
  );

  it('leaves the last host', async () => {
    const { worker, path, read } = await newRotation(1);
    worker.fails = ({ kind }) => kind === 'host.confirm';
    const { body } = await read();
    const [{ hostId }] = body.hosts;
    await worker.play((state) => state.effects.get(`expand.1/host.confirm/${hostId}`)?.status === 'failed');
    const reply = await api.call('POST', `${path}/hosts/${hostId}:decommission`, {
      body: WHY,
      headers: ANY_STATE,
    });
    expect([reply.status, reply.body.code]).toEqual([409, 'rotation.last-host']);
  });
});

it('no rotation, no command', async () => {
  for (const verb of ['pause', 'abort', 'retry', 'resume']) {
    const body = ['pause', 'abort'].includes(verb) ? { body: WHY } : {};
    const path = `/v1/rotations/0193a1c0-7b3e-7000-8000-000000000000:${verb}`;
    const reply = await api.call('POST', path, { ...body, headers: ANY_STATE });
    expect([reply.status, reply.body.code]).toEqual([404, 'rotation.not-found']);
  }
});
