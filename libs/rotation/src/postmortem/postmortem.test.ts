import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EVENT_VERSION } from '../events.js';
import { LIVES } from '../lives.fixture.js';
import type { ReducibleEntry } from '../reduce.js';
import { upcast } from '../upcast.js';
import type { RotationSnapshot } from '../vocabulary.js';
import { postmortem } from './postmortem.js';

/** Of rotations of three real hosts and a real Vault. */
const recorded = (name: string): ReducibleEntry[] =>
  JSON.parse(readFileSync(join(import.meta.dirname, 'journals', `${name}.json`), 'utf8'));

/** The recorded journal of a rotation that was asked for otherwise. */
function asked(name: string, alter: (snapshot: RotationSnapshot) => RotationSnapshot): ReducibleEntry[] {
  const [first, ...others] = recorded(name);
  const event = first && upcast(first.event);
  if (event?.type !== 'rotation.requested') throw new Error('a journal begins otherwise');
  return [{ ...first, event: { ...event, snapshot: alter(event.snapshot) } } as ReducibleEntry, ...others];
}

describe('a post-mortem', () => {
  it.each(['success', 'revert', 'block'])('of a recorded %s is the document that it was', async (name) => {
    await expect(postmortem(recorded(name))).toMatchFileSnapshot(`journals/${name}.md`);
  });

  it('is the same each time, and null of nothing', () => {
    expect(postmortem(recorded('revert'))).toBe(postmortem(recorded('revert')));
    expect(postmortem([])).toBeNull();
  });

  it('can be made of every prefix of a journal, while it runs', () => {
    const entries = recorded('revert');
    for (let length = 1; length < entries.length; length += 1) {
      expect(postmortem(entries.slice(0, length))).toMatch(/^# Rotation of edge \(overlap\): \w+\n/);
    }
  });

  it.each(LIVES.map((life, place) => [place, life] as const))('tells every wish of life %i', (_, life) => {
    const lived = life();
    lived.run();
    const text = postmortem(lived.entries) ?? '';
    const wishes = lived.entries.filter(({ event }) => 'by' in event);
    const timeline = text.slice(text.indexOf('## Timeline'), text.indexOf('## Phases'));
    expect(timeline.match(/\*\*(person|second person|windlass)\*\*/g)?.length ?? 0).toBe(wishes.length);
  });

  it('takes nothing that people or tools said for markup', () => {
    const reason = 'a | b\n# heading <script> [link](http://x) `code`';
    const text = postmortem(asked('block', (snapshot) => ({ ...snapshot, reason }))) ?? '';
    expect(text).toContain('a \\| b # heading &lt;script> \\[link\\](http://x) \\`code\\`');
    expect(text).not.toMatch(/^# heading/m);
  });

  it('gives no orders to a terminal', () => {
    const orders = '\u001b]0;owned\u0007\u001b[2J';
    const text = JSON.stringify(recorded('revert')).replaceAll('Address already in use', (said) =>
      JSON.stringify(said + orders).slice(1, -1),
    );
    const made = postmortem(JSON.parse(text)) ?? '';
    expect(made).toContain('Address already in use');
    expect(made).not.toMatch(/[^\P{Cc}\n]/u);
  });

  it.each([
    [{ strategy: 'overlap' }, 'rotate edge --strategy overlap --watch'],
    [{ strategy: 'replace' }, 'replace edge --bundle FILE --watch'],
    [{ strategy: 'distrust', distrusted: ['0a1b', '2c3d'] }, 'distrust edge --anchors 0a1b,2c3d --watch'],
    [{ strategy: 'overlap', with: 'core' }, 'rotate edge --strategy overlap --with core --watch'],
  ] as const)('says how %o is started again', (wish, command) => {
    const { with: other, ...instead } = { with: undefined, ...wish };
    const entries = asked('revert', (snapshot) => ({
      ...{ ...snapshot, ...instead },
      otherFleets: other
        ? [{ fleetId: 'f2', fleetName: other, old: snapshot.old, hostIds: [] }]
        : snapshot.otherFleets,
    }));
    // Refused: a journal of an overlap is no journal of another strategy, but for its beginning and its end.
    const [first] = entries;
    const { at } = first ?? { at: '' };
    const end = { sequence: 2, at, event: { type: 'rotation.ended', status: 'refused', v: EVENT_VERSION } };
    expect(postmortem([...entries.slice(0, 1), end as ReducibleEntry])).toContain(`\`windlass ${command}\``);
  });

  it('of a large fleet names what is odd, and counts the rest', () => {
    const more = Array.from({ length: 500 }, (_, place) => `extra-${place}`);
    const large = asked('block', ({ hostNames, waves, ...snapshot }) => ({
      ...snapshot,
      hostNames: { ...hostNames, ...Object.fromEntries(more.map((id) => [id, id])) },
      waves: [...waves, more],
    }));
    const text = postmortem(large.slice(0, 9)) ?? '';
    expect(text.split('\n').length).toBeLessThan(120);
    expect(text).toMatch(/hosts: waiting, serving old, nothing failed \(.* and \d+ more\)/);
  });
});
