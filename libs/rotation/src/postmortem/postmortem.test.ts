import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
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
