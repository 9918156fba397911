import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FleetStore, RotationCommands } from '#engine';
import { type Action, decidedKind } from '#rotation';
import { aHostBody } from '../e2e/bodies.js';
import { PlayedWorker } from '../e2e/played-worker.js';
import { ANY_STATE, recordFleet, requestRotation } from '../e2e/recording.js';
import { type RunningApi, runApi } from '../e2e/running-api.js';

const ROUNDS = 8;

let api: RunningApi;

beforeAll(async () => {
  api = await runApi();
});

afterAll(() => api?.stop());

const BECAUSE = { reason: 'the round is over' };

/** Takes the rotation back, so that others may have what it holds. */
async function takeBack(id: string): Promise<void> {
  await api.call('POST', `/v1/rotations/${id}:abort`, { body: BECAUSE, headers: ANY_STATE });
  await new PlayedWorker(api.installation, id).play(() => false);
}

describe('F25: rotations asked for at once', () => {
  it('of fleets that share an issuing CA, each with the other: one is taken, the others are told who holds it', async () => {
    const shared = { issuingCa: { address: 'http://shared.example:8200' } };
    const fleets = [await recordFleet(api, 1, shared), await recordFleet(api, 1, shared)];
    for (let round = 0; round < ROUNDS; round += 1) {
      const replies = await Promise.all(
        [...fleets, ...fleets].map((fleetId) => {
          const together = fleets.filter((id) => id !== fleetId);
          return api.call('POST', '/v1/rotations', { body: { fleetId, together } });
        }),
      );
      const [taken, ...others] = replies.toSorted((one, other) => one.status - other.status);
      expect(replies.map(({ status }) => status).sort()).toEqual([202, 409, 409, 409]);
      for (const { body } of others) {
        expect(body.code).toBe('rotation.conflict');
        expect(body.detail).toContain(`Rotation ${taken?.body.id} already works on`);
        expect(body.nextAction).toContain(`/v1/rotations/${taken?.body.id}`);
      }
      await takeBack(taken?.body.id);
    }
  });

  it('of fleets that share a host, however that came about: one is taken, the other is told which host', async () => {
    const fleets = [await recordFleet(api), await recordFleet(api)];
    const { rotations, journal, wakeups, clock, fleets: store } = api.installation.parts;
    const { hosts } = await store.fleet(fleets[0] ?? '');
    const sharing = {
      fleet: async (id: string) => ({ ...(await store.fleet(id)), hosts }),
      fleetsOn: (issuingCaId: string) => store.fleetsOn(issuingCaId),
    } as FleetStore;
    const commands = new RotationCommands(sharing, rotations, journal, wakeups, clock);
    for (let round = 0; round < ROUNDS; round += 1) {
      const asked = await Promise.allSettled(
        fleets.map((fleetId) => commands.start({ fleetId, requestedBy: 'a test', reason: '' })),
      );
      const taken = asked.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
      const [refused] = asked.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
      expect(taken).toHaveLength(1);
      expect(refused.problem).toMatchObject({
        code: 'rotation.conflict',
        message: `Rotation ${taken[0]} already works on host ${hosts[0]?.name} (${hosts[0]?.address}:2222).`,
      });
      await takeBack(taken[0] ?? '');
    }
  });

  it('and a host that two fleets enrol at once is in one of them', async () => {
    const fleets = [await recordFleet(api, 0), await recordFleet(api, 0)];
    const body = aHostBody();
    const replies = await Promise.all(
      fleets.map((id) => api.call('POST', `/v1/fleets/${id}/hosts`, { body })),
    );
    expect(replies.map(({ status }) => status).sort()).toEqual([201, 409]);
    const refused = replies.find(({ status }) => status === 409);
    expect(refused?.body).toMatchObject({
      code: 'host.already-enrolled',
      detail: expect.stringContaining(body.name),
    });
  });
});

const keepIsNext = (next: readonly Action[]) =>
  next.some((action) => action.kind === 'decide' && action.decision.kind === 'keep');

describe('F26: an abort races the decision', () => {
  /** A rotation whose next entry is `keep`, and its ETag. */
  async function onTheBrink() {
    const id = await requestRotation(api, await recordFleet(api, 2));
    const worker = new PlayedWorker(api.installation, id);
    await worker.play((_, next) => keepIsNext(next));
    const { headers } = await api.call('GET', `/v1/rotations/${id}`);
    const abort = () =>
      api.call('POST', `/v1/rotations/${id}:abort`, {
        body: BECAUSE,
        headers: { 'If-Match': headers.etag ?? '' },
      });
    /** As a worker does: whoever wrote first, the next plan is made on that. */
    const decide = async () => {
      while (!(await worker.step()));
    };
    return { id, worker, abort, decide };
  }

  async function outcomeOf(
    { id, worker, abort }: Awaited<ReturnType<typeof onTheBrink>>,
    reply: Awaited<ReturnType<typeof abort>>,
  ) {
    const state = await worker.play((one) => one.decisions.has('outcome/expand.1'));
    const kind = decidedKind(state, 'outcome/expand.1');
    const current = (await api.call('GET', `/v1/rotations/${id}`)).headers.etag;
    if (reply.status === 202) {
      expect(kind).toBe('revert');
      expect(state.abort?.because).toBe(BECAUSE.reason);
      return 'abort';
    }
    expect([reply.status, reply.body.code, kind]).toEqual([412, 'rotation.changed', 'keep']);
    expect(reply.headers.etag).toBe(current);
    expect(reply.body.detail).toContain(`is running in phase expand and at revision ${state.revision}`);
    expect(state.abort).toBeNull();
    return 'keep';
  }

  it('the abort is first: the fleet goes back', async () => {
    const brink = await onTheBrink();
    const reply = await brink.abort();
    await brink.decide();
    expect(await outcomeOf(brink, reply)).toBe('abort');
  });

  it('the decision is first: the abort gets 412 with the current state and its ETag', async () => {
    const brink = await onTheBrink();
    await brink.decide();
    expect(await outcomeOf(brink, await brink.abort())).toBe('keep');
  });

  it('both at once: one of them, and never both', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const brink = await onTheBrink();
      const [reply] = await Promise.all([brink.abort(), brink.decide()]);
      await outcomeOf(brink, reply);
    }
  });
});
