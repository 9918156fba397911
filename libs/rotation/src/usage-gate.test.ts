import { describe, expect, it } from 'vitest';
import { explain } from './explain.js';
import { gateOpensLater, REASON, stillUsed, withEvent } from './lives.fixture.js';
import { plan } from './plan.js';
import { Rehearsal, START } from './rehearsal.js';
import { statusOf } from './status.js';
import { isGateOpen, usageVerdict } from './usage-gate.js';
import { judgeUsage, type SeenFacts, type UsageFacts } from './usage-verdict.js';

const NOW = Date.UTC(2027, 0, 1);
const DAY = 86_400_000;
const until = (milliseconds: number) => new Date(milliseconds).toISOString();
const user = (name: string, ends = NOW + DAY) => ({ name, serial: '01', until: until(ends), lastSeen: null });
const seenUser = (name: string, at: number) => ({ name, serial: '02', until: null, lastSeen: until(at) });

function facts(over: Partial<UsageFacts> = {}): UsageFacts {
  return {
    ...{ oldCa: 'CN=Old', stoppedAt: NOW - DAY, endsAt: NOW + 100 * DAY, longestTtlSeconds: 7 * 86_400 },
    ...{ held: [], unknown: null, seen: null },
    ...over,
  };
}

describe('the judgement of who needs the old CA', () => {
  it('opens when the CA lists nobody', () => {
    expect(judgeUsage(facts(), NOW)).toEqual({
      ...{ open: true, because: 'the CA lists no certificate of CN=Old that is still valid' },
      ...{ opensAt: null, users: [], count: 0 },
    });
  });

  it('names who is left, and when the last of them ends', () => {
    const held = [user('CN=pos'), user('CN=app', NOW + 2 * DAY), user('CN=pos')];
    expect(judgeUsage(facts({ held }), NOW)).toMatchObject({
      ...{ open: false, count: 3, opensAt: until(NOW + 2 * DAY) },
      because: '2 clients may still use CN=Old: CN=pos, CN=app',
    });
  });

  it('names no more than people read', () => {
    const held = Array.from({ length: 30 }, (_, at) => user(`CN=c${at}`));
    const { because, users, count } = judgeUsage(facts({ held }), NOW);
    expect(because).toMatch(/^30 clients may still use CN=Old: CN=c0, .*, CN=c19 and 10 more$/);
    expect([users.length, count]).toEqual([20, 30]);
  });

  it('stays closed while nobody knows, until all must have expired', () => {
    const unknown = 'role robots keeps no list';
    const closed = judgeUsage(facts({ unknown }), NOW);
    expect(closed).toMatchObject({ open: false, opensAt: until(NOW + 6 * DAY + 60_000) });
    expect(closed.because).toBe('nobody knows who still uses CN=Old: role robots keeps no list');
    expect(judgeUsage(facts({ unknown }), NOW + 6 * DAY + 60_000)).toMatchObject({
      ...{ open: true, because: 'every certificate of CN=Old must have expired by now' },
    });
  });

  it('takes the end of the old CA itself where no lifetime is known, or a shorter one', () => {
    const unknown = 'a policy';
    expect(judgeUsage(facts({ unknown, longestTtlSeconds: null }), NOW).opensAt).toBe(
      until(NOW + 100 * DAY + 60_000),
    );
    expect(judgeUsage(facts({ unknown, endsAt: NOW + DAY }), NOW).opensAt).toBe(until(NOW + DAY + 60_000));
  });

  it('believes the list where it names somebody although all should have expired', () => {
    const late = judgeUsage(
      facts({ held: [user('CN=odd', NOW + 50 * DAY)], unknown: 'a role' }),
      NOW + 40 * DAY,
    );
    expect(late).toMatchObject({ open: false, opensAt: until(NOW + 50 * DAY) });
    expect(late.because).toBe('1 client may still use CN=Old: CN=odd; and there may be more: a role');
  });
});

describe('what the hosts saw', () => {
  const HOUR = 3_600_000;
  const held = [user('CN=pos', NOW + 30 * DAY)];
  const seen = (over: Partial<SeenFacts> = {}): SeenFacts => ({
    ...{ since: NOW - 3 * HOUR, unknown: [], users: [], windowMs: 2 * HOUR },
    ...over,
  });

  it('opens the gate when nobody came for the whole window, whoever holds a certificate', () => {
    expect(judgeUsage(facts({ held, seen: seen() }), NOW)).toMatchObject({
      ...{ open: true, because: 'no host has seen a client of CN=Old for 7200 s', users: [] },
    });
  });

  it('names who came, and opens a window after the last of them', () => {
    const users = [seenUser('CN=till', NOW - HOUR), seenUser('CN=gone', NOW - 2.5 * HOUR)];
    expect(judgeUsage(facts({ held, seen: seen({ users }) }), NOW)).toEqual({
      ...{ open: false, because: '1 client still uses CN=Old: CN=till', count: 1 },
      ...{ opensAt: until(NOW + HOUR), users: [users[0]] },
    });
  });

  it('opens no gate before it has looked for a whole window', () => {
    const young = judgeUsage(facts({ held, seen: seen({ since: NOW - HOUR }) }), NOW);
    expect(young).toMatchObject({ open: false, opensAt: until(NOW + HOUR) });
    expect(young.because).toBe('1 client may still use CN=Old: CN=pos');
  });

  it('opens none while one host does not tell, and says which', () => {
    const deaf = seen({ unknown: ['edge-2: its log has no entry yet'], since: Number.POSITIVE_INFINITY });
    expect(judgeUsage(facts({ held, seen: deaf }), NOW)).toMatchObject({
      ...{ open: false, opensAt: until(NOW + 30 * DAY) },
    });
    const nothing = judgeUsage(facts({ unknown: 'a role keeps no list', seen: deaf }), NOW);
    expect(nothing.because).toBe(
      'nobody knows who still uses CN=Old: a role keeps no list; edge-2: its log has no entry yet',
    );
  });

  it('opens none where the fleet has no soak: a window of nothing proves nothing', () => {
    expect(judgeUsage(facts({ held, seen: seen({ windowMs: 0 }) }), NOW).open).toBe(false);
  });

  it('takes what a host saw in the future for now', () => {
    const users = [seenUser('CN=till', NOW + 10 * DAY)];
    expect(judgeUsage(facts({ held, seen: seen({ users }) }), NOW).opensAt).toBe(until(NOW + 2 * HOUR));
  });
});

describe('a rotation behind the gate', () => {
  it('contracts when the last client is gone, and not before', () => {
    const life = gateOpensLater();
    const soaking = life.run(({ phase }) => phase === 'contract');
    expect(life.now - START).toBeGreaterThanOrEqual(3 * 3_600_000);
    expect(soaking.decisions.get('contract.1')?.because).toBe(
      'the soak of 60 s is over, nobody is left, and every host voted yes',
    );
    expect(statusOf(life.run())).toBe('succeeded');
  });

  it('says until when nobody is asked, as long as that lasts', () => {
    const life = gateOpensLater();
    const soaking = life.run(({ phase }) => phase === 'soak');
    const early = Date.parse(soaking.phaseSince) + 60_000;
    const kept = `The old CA is kept until ${until(early)} at least, and`;
    expect(explain(soaking)).toContain(`${kept} then until no client may need it.`);
    const inAnyCase = { ...soaking, snapshot: { ...soaking.snapshot, contractWhen: 'soaked' as const } };
    expect(explain(inAnyCase)).toContain(`${kept} may go then.`);
    expect(explain(life.run((state) => usageVerdict(state) !== null))).not.toContain('at least');
  });

  it('says who keeps it open, since when, and what to do', () => {
    const life = gateOpensLater();
    life.run((state) => usageVerdict(state) !== null);
    expect(explain(life.state)).toContain(
      `The old CA is kept, because 1 client may still use CN=Old: pos. It opens by itself at ${until(START + 3 * 3_600_000)}. Next: let these clients renew`,
    );
    expect(explain(gateOpensLater().run())).not.toContain('The old CA is kept');
  });

  it('looks again every hour, when it should open, and when a person asks', () => {
    const life = gateOpensLater();
    life.run(({ phase }) => phase === 'contract');
    // After the soak of a minute: then, each of two hours later, and when it opens.
    expect(life.performed.filter((id) => id.endsWith('usage.judge'))).toHaveLength(4);
    const asked = gateOpensLater();
    asked.run((state) => usageVerdict(state) !== null);
    expect(plan(asked.state, asked.now)).toMatchObject([{ kind: 'wait' }]);
    asked.now += 1000;
    asked.append({ type: 'retry.requested', by: 'person' });
    expect(plan(asked.state, asked.now)).toMatchObject([
      { kind: 'perform', effect: { kind: 'usage.judge' } },
    ]);
  });

  it('is overridden by a person once, while it is closed, also when paused', () => {
    const override = { type: 'gate.overridden', by: 'ana', because: 'pos is scrap' } as const;
    const life = new Rehearsal(undefined, (now) => stillUsed(now, now));
    life.run(({ phase }) => phase === 'activate');
    expect(withEvent(life.state, override)).toBeNull();
    life.run((state) => usageVerdict(state) !== null);
    life.append({ type: 'rotation.paused', by: 'person', reason: REASON });
    life.append(override);
    expect(withEvent(life.state, override)).toBeNull();
    expect(isGateOpen(life.state)).toBe(true);
    life.append({ type: 'rotation.resumed', by: 'person' });
    expect(statusOf(life.run())).toBe('succeeded');
    expect(life.state.decisions.get('contract.1')?.because).toContain('ana opened the gate: pos is scrap');
  });

  it('that is overridden while the CA does not tell blocks nothing any more', () => {
    const life = new Rehearsal(
      ({ kind }) => (kind === 'usage.judge' ? 'transient' : 'ok'),
      (now) => stillUsed(START, now),
    );
    life.run((state) => statusOf(state) === 'blocked');
    const state = life.append({ type: 'gate.overridden', by: 'ana', because: 'pos is scrap' });
    expect([statusOf(state), explain(state)]).toEqual(['running', expect.stringMatching(/^soak: waiting/)]);
    expect(statusOf(life.run())).toBe('succeeded');
  });

  it('is blocked, and contracts nothing, while the CA does not tell', () => {
    const life = new Rehearsal(
      ({ kind }) => (kind === 'usage.judge' ? 'fails' : 'ok'),
      () => stillUsed(0, 0),
    );
    life.run((state) => (state.effects.get('contract.1/usage.judge')?.attempts ?? 0) > 3);
    expect([statusOf(life.state), life.state.phase]).toEqual(['blocked', 'soak']);
    expect(life.performed.some((id) => id.startsWith('contract.1/host'))).toBe(false);
  });

  it('is none where the fleet drops the old CA when the soak is over', () => {
    const life = new Rehearsal();
    life.run();
    expect(life.performed).not.toContain('contract.1/usage.judge');
    expect(withEvent(life.state, { type: 'gate.overridden', by: 'x', because: 'y' })).toBeNull();
  });
});
