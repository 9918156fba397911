import type { Response } from 'express';
import { describe, expect, it } from 'vitest';
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
function sent(state: RotationState) {
  const headers = new Map<string, string>();
  const response = { set: (name: string, value: string) => headers.set(name, value) } as unknown as Response;
  return { reply: sendRotation(state, response), etag: headers.get('ETag') };
}

/** The same of a state that nobody saw before, without anything that was kept. */
function anew(entries: Rehearsal['entries']) {
  const state = replay(structuredClone(entries)) ?? expect.unreachable();
  return { reply: Rotation.parse(redact(describeRotation(state))), etag: etagOf(state) };
}

describe('a rotation that is asked for again and again', () => {
  it.each(LIVES)('is sent as it is now, whatever was sent of it before: %s', (_, answer) => {
    const life = aRotation(answer);
    for (const [index, state] of statesOf(life).entries()) {
      expect(sent(state)).toEqual(anew(life.entries.slice(0, index + 1)));
    }
  });

  it('has the hosts that nothing happened to from what was kept', () => {
    const states = statesOf(aRotation());
    const [before, after] = [states.at(-2), states.at(-1)].map((state) =>
      sent(state ?? expect.unreachable()),
    );
    expect(after?.reply.status).not.toBe(before?.reply.status);
    for (const place of [0, 1, 2]) expect(after?.reply.hosts[place]).toBe(before?.reply.hosts[place]);
  });

  it('is sent as it was then to who reads an older state behind a newer one', () => {
    const states = statesOf(aRotation());
    const first = states.map(sent);
    expect(states.toReversed().map(sent).toReversed()).toEqual(first);
  });

  it('has no secret of a host, at the first time and from what was kept', () => {
    const token = `hvs.${'a'.repeat(24)}`;
    const state = aRotation(() => 'ok', `host-${token}`).run();
    for (const { reply } of [sent(state), sent(state)]) {
      expect(reply.hosts[0]?.name).toBe('host-[secret]');
      expect(JSON.stringify(reply)).not.toContain(token);
    }
  });
});
