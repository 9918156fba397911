import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Secret, type SessionKind } from '#engine';
import { statusOf } from './probe-servers.js';
import { LISTENER_KINDS, type ListenerUnderTest } from './probe-visits.backends.js';

const KINDS: readonly SessionKind[] = ['TLS 1.2 session id', 'TLS 1.2 ticket', 'TLS 1.3 ticket'];

describe.each(LISTENER_KINDS)('visits of a $name listener', ({ start }) => {
  let listener: ListenerUnderTest;

  beforeEach(async () => {
    listener = await start();
  });

  afterEach(() => listener.stop());

  const come = async (kind: SessionKind, session: Secret | null = null, who = listener.trusted) => {
    const visit = await listener.probe.visit(listener.target, who, { kind, session });
    return { ...visit, status: statusOf(visit.answer) };
  };

  it('take a session up while nothing is changed, of each kind', async () => {
    for (const kind of KINDS) {
      const first = await come(kind);
      expect([kind, first.status, first.resumed]).toEqual([kind, 200, false]);
      const again = await come(kind, first.session);
      expect([kind, again.status, again.resumed]).toEqual([kind, 200, true]);
    }
  });

  it('make a full handshake once another generation is served, and then the CA decides', async () => {
    const first = await Promise.all(KINDS.map((kind) => come(kind)));
    await listener.switchTo('the same CA');
    for (const [index, kind] of KINDS.entries()) {
      const again = await come(kind, first[index]?.session);
      expect([kind, again.status, again.resumed]).toEqual([kind, 200, false]);
    }
    await listener.switchTo('without the CA');
    for (const [index, kind] of KINDS.entries()) {
      const again = await come(kind, first[index]?.session);
      expect([kind, again.status, again.resumed]).toEqual([kind, 400, false]);
    }
  });

  it('refuse a stranger', async () => {
    for (const kind of KINDS) expect((await come(kind, null, listener.stranger)).status).toBe(400);
  });

  it('take no session for one that is none', async () => {
    const visit = await come('TLS 1.3 ticket', new Secret('nonsense'));
    expect([visit.status, visit.resumed]).toEqual([200, false]);
  });

  it('show no session when they are printed', async () => {
    const visit = await come('TLS 1.3 ticket');
    const text = visit.session?.reveal() ?? '';
    expect(text.length).toBeGreaterThan(20);
    expect(inspect(visit, { depth: 10, showHidden: true }) + JSON.stringify(visit)).not.toContain(text);
  });
});
