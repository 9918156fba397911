import { describe, expect, it } from 'vitest';
import type { Effect } from '#rotation';
import { Rehearsal } from '../../../../../libs/rotation/src/rehearsal.js';
import { CALLERS, handshakes, readLine } from './matrix.js';

const AT = '127.0.0.1:8443/ (SNI edge.test)';

/** What the engine writes: libs/engine/src/perform/prove.ts and negative-proof.ts. */
const EXPAND = [
  `${AT}: no certificate and a stranger refused, as they must`,
  `${AT}: a client of the old CA accepted, as it must`,
  `${AT}: sample pos accepted, as it must`,
];
const CANARY = [EXPAND[0], `${AT}: a client of the new CA accepted, as it must`];
const CONTRACT = [
  ...CANARY,
  `${AT}: a client of the old CA refused, as it must`,
  `${AT}: a client of the old CA without SNI refused, as it must`,
  `${AT}: a client of the old CA with its TLS 1.3 ticket of before the switch refused, as it must: the session was not taken up`,
  `${AT}: no TLS 1.2 session (none is given) before the switch, so there is none to refuse`,
  `${AT}: a client of a rogue CA that is called CN=Old refused, as it must`,
];

function reports({ id, kind }: Effect): object {
  if (kind === 'host.canary') return { probes: CANARY };
  if (kind === 'host.prove') return { probes: id.startsWith('contract') ? CONTRACT : EXPAND };
  return {};
}

function verdicts(life: Rehearsal) {
  return handshakes(life.state).map(({ hostName, listener, answers }) => [
    ...[hostName, listener],
    ...CALLERS.map((caller) => answers[caller]?.verdict ?? '–'),
  ]);
}

describe('the handshake matrix', () => {
  it('has a row for every host, and a dash wherever nobody was asked', () => {
    const life = new Rehearsal(undefined, null, {}, reports);
    expect(verdicts(life)).toEqual(
      ['host-a', 'host-b', 'host-c'].map((name) => [name, '', '–', '–', '–', '–', '–']),
    );
    life.run(({ phase }) => phase === 'activate');
    expect(verdicts(life)[2]).toEqual(['host-c', AT, 'accepted', '–', 'refused', 'refused', '–']);
  });

  it('adds the first client of the new CA to what the proof of the overlap heard', () => {
    const life = new Rehearsal(undefined, null, {}, reports);
    life.run(({ phase }) => phase === 'soak');
    expect(verdicts(life)[0]).toEqual(['host-a', AT, 'accepted', 'accepted', 'refused', 'refused', '–']);
  });

  it('begins anew with every switch, and tells of resumed sessions', () => {
    const life = new Rehearsal(undefined, null, {}, reports);
    life.run();
    expect(verdicts(life)[1]).toEqual(['host-b', AT, 'refused', 'accepted', 'refused', 'refused', 'refused']);
    const [row] = handshakes(life.state);
    expect(row?.answers.old?.lines).toHaveLength(2);
  });

  it('takes a client that got in by one way for one that got in', () => {
    const probes = [
      `${AT}: a client of the old CA refused, as it must`,
      `${AT}: a client of the old CA accepted`,
    ];
    const life = new Rehearsal(undefined, null, {}, ({ kind }) => (kind === 'host.prove' ? { probes } : {}));
    life.run(({ phase }) => phase === 'activate');
    expect(handshakes(life.state)[0]?.answers.old?.verdict).toBe('accepted');
  });

  it.each([
    `${AT}: sample pos refused, as it must`,
    `${AT}: a client of the old CA was not asked: its certificate has expired`,
    `${AT}: a client of the old CA with its TLS 1.3 ticket of before the switch was refused before the switch already`,
    `${AT}: a client of the old CA that sends its CA along accepted`,
    'something else',
  ])('puts what is no answer of one of its callers in no cell: %s', (line) => {
    expect(readLine(line)).toBeNull();
  });

  it('knows an address of IPv6, and a listener without SNI', () => {
    expect(readLine('2001:db8::1:443/ (no SNI): the client of the canary CA accepted, as it must')).toEqual({
      ...{ listener: '2001:db8::1:443/ (no SNI)', callers: ['new'], verdict: 'accepted' },
    });
  });
});
