import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ServedFleet } from '../e2e/served-fleet.js';
import { commandsOf, Operator } from './operator.js';

describe('the runbook for what waits', () => {
  let served: ServedFleet;

  beforeAll(async () => {
    served = await ServedFleet.open(2);
  });

  afterAll(() => served?.stop());

  it('overrides the gate for a client that is gone, and has a second person approve', async () => {
    await served.askVault('POST', 'pki/issue/clients', { common_name: 'pos', ttl: '1h' });
    const fleetId = await served.record({ contractWhen: 'unused', approval: 'contract' });
    const { body } = await served.api.call('POST', '/v1/rotations', { body: { fleetId } });
    const waiting = await served.until(body.id, ({ gate }) => gate.open === false);
    expect(waiting).toMatchObject({ phase: 'soak', status: 'running' });
    const words = { ROTATION: body.id, DIGEST: waiting.generations.trustDiffDigest };
    await new Operator(served, { words }).follow(commandsOf('The gate waits for a client').flat());
    await served.until(body.id, ({ approval }) => approval.awaited);
    const second = await served.api.call('POST', '/v1/api-keys', {
      body: { role: 'approver', label: 'ben' },
    });
    const ben = new Operator(served, { words, key: second.body.key });
    await ben.follow(commandsOf('An approval is awaited').flat());
    expect(await served.ended(body.id)).toMatchObject({ status: 'succeeded' });
  });
});
