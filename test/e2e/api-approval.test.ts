import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { awaitsApproval } from '#rotation';
import { PlayedWorker } from './played-worker.js';
import { ANY_STATE, recordFleet } from './recording.js';
import { type RunningApi, runApi } from './running-api.js';

let api: RunningApi;
let second: string;

beforeAll(async () => {
  api = await runApi();
  second = (await api.call('POST', '/v1/api-keys', { body: { role: 'approver', label: 'second' } })).body.key;
});

afterAll(() => api?.stop());

const OTHER = { trustDiffDigest: 'f'.repeat(64) };

async function newRotation(fleet: object = { approval: 'contract' }, strategy = 'overlap') {
  const fleetId = await recordFleet(api, 1, { soakSeconds: 0, contractWhen: 'soaked', ...fleet });
  const { id } = (await api.call('POST', '/v1/rotations', { body: { fleetId, strategy } })).body;
  const approve = (body: object, headers: Record<string, string> = ANY_STATE) =>
    api.call('POST', `/v1/rotations/${id}:approve`, { key: second, body, headers });
  const read = async () => (await api.call('GET', `/v1/rotations/${id}`)).body;
  return { id, approve, read, worker: new PlayedWorker(api.installation, id) };
}

async function waitingRotation() {
  const rotation = await newRotation();
  await rotation.worker.play(awaitsApproval);
  const { generations } = await rotation.read();
  return { ...rotation, shown: { trustDiffDigest: generations.trustDiffDigest } };
}

describe('an approval', () => {
  it('is refused before anybody waits for it, and counts when it was waited for', async () => {
    const { approve, read, worker } = await newRotation();
    expect((await read()).approval).toEqual({ awaited: false, given: null });
    const early = await approve(OTHER);
    expect(early.body).toMatchObject({ status: 409, code: 'rotation.approval-not-awaited' });
    expect(early.body.detail).toContain('it is in phase preflight');
    await worker.play(awaitsApproval);
    const { approval, generations, revision } = await read();
    expect(approval).toEqual({ awaited: true, given: null });
    const reply = await approve({ trustDiffDigest: generations.trustDiffDigest });
    expect(reply.body, reply.text).toMatchObject({
      ...{ revision: revision + 1, explanation: expect.not.stringContaining('waits for the approval') },
      approval: {
        awaited: false,
        given: {
          ...{ by: expect.stringMatching(/^api-key:.* \(second\)$/), at: expect.any(String), counts: true },
          trustDiffDigest: generations.trustDiffDigest,
        },
      },
    });
    expect((await approve({ trustDiffDigest: generations.trustDiffDigest })).body).toMatchObject({
      ...{ status: 409, code: 'rotation.approved-already' },
    });
  });

  it('is refused while the gate keeps the old CA', async () => {
    const { approve, worker } = await newRotation({ approval: 'contract', contractWhen: 'unused' });
    await worker.play(({ phase }) => phase === 'soak');
    const reply = await approve(OTHER);
    expect(reply.body).toMatchObject({ status: 409, code: 'rotation.approval-not-awaited' });
    expect(reply.body.detail).toContain('clients may still need the old CA');
  });

  it('is refused for another change, which is said with its digest', async () => {
    const { approve, shown } = await waitingRotation();
    const reply = await approve(OTHER);
    expect(reply.body).toMatchObject({ status: 409, code: 'rotation.other-trust-diff' });
    expect(reply.body.detail).toContain(shown.trustDiffDigest);
  });

  it('is refused on an ETag of before, and with a digest that is none', async () => {
    const { approve, shown } = await waitingRotation();
    expect((await approve(shown, { 'If-Match': '"1"' })).body).toMatchObject({ status: 412 });
    const reply = await approve({ trustDiffDigest: 'yes' });
    expect(reply.body.errors).toMatchObject([{ pointer: '#/trustDiffDigest' }]);
  });

  it.each([
    ['the fleet asks for nobody', {}, 'overlap', 'its fleet asked for no approval'],
    ['the strategy waits for nobody', { approval: 'contract' }, 'rehearse', 'the strategy `rehearse` waits'],
  ])('is refused where %s', async (_, fleet, strategy, why) => {
    const { approve, read } = await newRotation(fleet, strategy);
    expect((await read()).approval).toBeNull();
    const reply = await approve(OTHER);
    expect(reply.body).toMatchObject({ status: 409, code: 'rotation.approval-not-needed' });
    expect(reply.body.detail).toContain(why);
  });
});
