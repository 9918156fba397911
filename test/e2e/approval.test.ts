import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runbookCommands, TypedShell } from '#kit';
import { ANY_STATE } from './recording.js';
import type { Reply } from './running-api.js';
import { ServedFleet } from './served-fleet.js';

let served: ServedFleet;
let fleetId: string;

beforeAll(async () => {
  served = await ServedFleet.open(2);
  const { data } = await served.askVault('POST', 'pki/issue/clients', { common_name: 'pos', ttl: '1h' });
  fleetId = await served.record({ approval: 'contract', contractWhen: 'soaked' });
  const sample = { name: 'pos', certificatePem: String(data.certificate), expect: 'accepted' };
  const recorded = await served.api.call('POST', `/v1/fleets/${fleetId}/samples`, { body: sample });
  expect(recorded.status, recorded.text).toBe(201);
});

afterAll(() => served?.stop());

async function keyOf(role: string, label: string): Promise<string> {
  return (await served.api.call('POST', '/v1/api-keys', { body: { role, label } })).body.key;
}

/** As docs/approval.md says it, and nothing but what it says. */
async function approveByPage(key: string, rotation: string, digest: string): Promise<void> {
  const shell = TypedShell.open();
  Object.assign(shell.env, { API: served.api.url, ID: rotation, BEN: key });
  shell.stands.DIGEST = digest;
  const stdout = await shell.type(runbookCommands('docs/approval.md', 'What happens').flat());
  shell.close();
  expect(stdout).toContain(`samples: 0 accepted, 1 will be refused: pos"\n"${digest}"`);
}

const serving = ({ hosts }: Reply['body']) => hosts.map((host: Reply['body']) => host.serving);

describe('a fleet that asks for a second person', () => {
  it('drops the old CA when another key approved of the very change, and not before', async () => {
    const ana = await keyOf('admin', 'ana');
    const ben = await keyOf('approver', 'ben');
    const approve = (key: string, trustDiffDigest: string) =>
      served.api.call('POST', `/v1/rotations/${id}:approve`, {
        key,
        headers: ANY_STATE,
        body: { trustDiffDigest },
      });

    const asked = await served.api.call('POST', '/v1/rotations', { key: ana, body: { fleetId } });
    expect(asked.status, asked.text).toBe(202);
    const { id } = asked.body;
    const waiting = await served.until(id, ({ approval }) => approval.awaited);
    const { trustDiff, trustDiffDigest } = waiting.generations;
    expect(trustDiff).toMatch(/^\+1 -1 anchors: .*; samples: 0 accepted, 1 will be refused: pos$/);
    expect(waiting).toMatchObject({ status: 'running', phase: 'soak' });
    expect(waiting.explanation).toContain(`waits for the approval of a second person of: ${trustDiff}`);
    expect(waiting.explanation).toContain(trustDiffDigest);

    const own = await approve(ana, trustDiffDigest);
    expect(own.body).toMatchObject({ status: 403, code: 'rotation.own-request' });
    const wrong = await approve(
      ben,
      trustDiffDigest.replace(/^./, (digit: string) => (digit === '0' ? '1' : '0')),
    );
    expect(wrong.body).toMatchObject({ status: 409, code: 'rotation.other-trust-diff' });
    expect(wrong.body.detail).toContain(`${trustDiffDigest}: ${trustDiff}`);
    const untouched = (await served.api.call('GET', `/v1/rotations/${id}`)).body;
    expect([serving(untouched), untouched.approval]).toEqual([
      ['overlap', 'overlap'],
      { awaited: true, given: null },
    ]);

    await approveByPage(ben, id, trustDiffDigest);
    const ended = await served.ended(id);
    expect(ended.status, ended.explanation).toBe('succeeded');
    expect(serving(ended)).toEqual(['new', 'new']);
    const [contract] = ended.decisions.filter(({ kind }: Reply['body']) => kind === 'contract');
    expect(contract.because).toMatch(/api-key:\S+ \(ben\) approved/);
  });

  it('waits for nobody with a fire drill', async () => {
    const [sample] = (await served.api.call('GET', `/v1/fleets/${fleetId}/samples`)).body.items;
    await served.api.call('DELETE', `/v1/fleets/${fleetId}/samples/${sample.id}`);
    const drill = { fleetId, strategy: 'rehearse', reason: 'Friday' };
    const { body } = await served.api.call('POST', '/v1/rotations', { body: drill });
    const ended = await served.ended(body.id);
    expect([ended.status, ended.approval], ended.explanation).toEqual(['succeeded', null]);
  });
});
