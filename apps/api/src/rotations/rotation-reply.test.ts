import type { Response } from 'express';
import { describe, expect, it, vi } from 'vitest';
import { redact } from '#platform';
import { describeRotation, type RotationState, replay } from '#rotation';
import { statesOf } from '../../../../libs/rotation/src/lives.fixture.js';
import { type Answer, Rehearsal } from '../../../../libs/rotation/src/rehearsal.js';
import { etagOf } from './if-match.js';
import { sendRotation } from './rotation-reply.js';
import { Rotation } from './rotation-schemas.js';

const uuid = (place: number) => `00000000-0000-4000-8000-00000000000${place}`;
const [A, B, C] = [uuid(1), uuid(2), uuid(3)] as const;

const PREPARED = {
  ...{ issuerId: 'i2', issuerName: 'new', subject: 'CN=new' },
  notAfter: '2027-11-24T00:00:00Z',
};

/** A rotation with what the schema of the reply wants beside the decisions. */
function aRotation(answer: Answer = () => 'ok', nameOfA = 'host-a'): Rehearsal {
  const snapshot = {
    ...{ rotationId: uuid(7), fleetId: uuid(8), waves: [[A], [B, C]] },
    hostNames: { [A]: nameOfA, [B]: 'host-b', [C]: 'host-c' },
    old: { id: uuid(9), number: 1, digest: 'd'.repeat(64), marker: null },
  };
  return new Rehearsal(answer, null, snapshot, ({ kind }) => (kind === 'ca.prepare' ? PREPARED : {}));
}

const LIVES: readonly (readonly [string, Answer])[] = [
  ['all goes well', () => 'ok'],
  [
    'a host is switched at its second try',
    ({ id }, attempt) => (id === `expand.1/host.commit/${C}` && attempt === 1 ? 'transient' : 'ok'),
  ],
  ['the expand fails', ({ id }) => (id === `expand.1/host.prove/${B}` ? 'fails' : 'ok')],
  ['the contract fails', ({ id }) => (id === `contract.1/host.prove/${B}` ? 'fails' : 'ok')],
];

/** What is sent, and its ETag. */
async function sent(state: RotationState, fresh = false, which: 'all' | 'failing' | 'none' = 'all') {
  const headers = new Map<string, string>();
  const response = {
    ...{ req: { fresh }, set: (name: string, value: string) => headers.set(name, value) },
    type: (type: string) => headers.set('Content-Type', type),
  } as unknown as Response;
  const text = await sendRotation(state, response, which);
  return { text, etag: headers.get('ETag'), type: headers.get('Content-Type') };
}

/** The same of a state that nobody saw before, without anything that was kept. */
function anew(entries: Rehearsal['entries']) {
  const state = replay(structuredClone(entries)) ?? expect.unreachable();
  const { hosts, ...rest } = Rotation.parse(redact(describeRotation(state)));
  return { text: JSON.stringify({ ...rest, hosts }), etag: etagOf(state), type: 'application/json' };
}

describe('a rotation that is asked for again and again', () => {
  it.each(LIVES)('is sent as it is now, whatever was sent of it before: %s', async (_, answer) => {
    const life = aRotation(answer);
    for (const [index, state] of statesOf(life).entries()) {
      expect(await sent(state)).toEqual(anew(life.entries.slice(0, index + 1)));
    }
  });

  it('has the hosts that nothing happened to from what was kept', async () => {
    const states = statesOf(aRotation());
    const [before, after] = [states.at(-2), states.at(-1)].map((state) => state ?? expect.unreachable());
    await sent(before ?? expect.unreachable());
    const checked = vi.spyOn(Rotation.shape.hosts.element, 'parse');
    const { text } = await sent(after ?? expect.unreachable());
    expect(JSON.parse(text)).toMatchObject({ status: 'succeeded', hosts: [{}, {}, {}] });
    expect(checked).not.toHaveBeenCalled();
    checked.mockRestore();
  });

  it('is sent as it was then to who reads an older state behind a newer one', async () => {
    const states = statesOf(aRotation());
    const first: object[] = [];
    for (const state of states) first.push(await sent(state));
    for (const [index, state] of [...states.entries()].toReversed()) {
      expect(await sent(state)).toEqual(first[index]);
    }
  });

  it('is not made for a caller that has it', async () => {
    const state = aRotation().run();
    expect(await sent(state, true)).toEqual({ text: '', etag: etagOf(state), type: undefined });
  });

  it('has the hosts that are asked for: all, those that something is wrong with, or none', async () => {
    const life = aRotation(({ id }) => (id === `expand.1/host.confirm/${B}` ? 'transient' : 'ok'));
    life.run((state) => state.effects.get(`expand.1/host.confirm/${B}`)?.status === 'failed');
    const [all, failing, none] = await Promise.all(
      (['all', 'failing', 'none'] as const).map(async (which) =>
        JSON.parse((await sent(life.state, false, which)).text),
      ),
    );
    expect(failing).toEqual({ ...all, hosts: [expect.objectContaining({ hostId: B })] });
    expect(none).toEqual({ ...all, hosts: [] });
    expect(all.hosts).toHaveLength(3);
  });

  it('has no secret of a host, at the first time and from what was kept', async () => {
    const token = `hvs.${'a'.repeat(24)}`;
    const state = aRotation(() => 'ok', `host-${token}`).run();
    for (const { text } of [await sent(state), await sent(state)]) {
      expect(JSON.parse(text).hosts[0]?.name).toBe('host-[secret]');
      expect(text).not.toContain(token);
    }
  });
});
