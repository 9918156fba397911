import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

/** One error of docs/faq.md. */
export interface FaqEntry {
  /** What a program says, from the heading; `...` stands for what differs from case to case. */
  readonly messages: readonly string[];
  /** The test that has the program say it. */
  readonly triedBy: string | null;
  /** Why no test does. */
  readonly notTried: string | null;
}

/** What the page describes, on real programs. */
export interface Situation {
  /** All that the programs say in it. */
  readonly said: () => Promise<string>;
  /** All that they say once what the page advises was done. */
  readonly mended: () => Promise<string>;
  /** What only a situation that is mended has them say. */
  readonly well: string;
}

export function faqEntries(): readonly FaqEntry[] {
  const [, ...sections] = readFileSync('docs/faq.md', 'utf8').split(/^### /m);
  return sections.map((section) => entry(section.split('\n## ', 1)[0] ?? ''));
}

function entry(section: string): FaqEntry {
  const heading = section.split('\n', 1)[0] ?? '';
  return {
    messages: [...heading.matchAll(/`([^`]+)`/g)].flatMap(([, message]) => message ?? []),
    triedBy: /^Tried by `([\w./-]+)`\.$/m.exec(section)?.[1] ?? null,
    notTried: /^Not tried here: (.+)$/m.exec(section)?.[1] ?? null,
  };
}

/**
 * Holds every entry that names `file` against its situations, which go by the first message of the heading. One error
 * may have several causes.
 */
export function tryEntries(file: string, situations: Readonly<Record<string, readonly Situation[]>>): void {
  const entries = faqEntries().filter(({ triedBy }) => triedBy === file);

  it('has a situation for each entry of docs/faq.md that names it, and no other', () => {
    expect(Object.keys(situations)).toEqual(entries.map(({ messages }) => messages[0]));
  });

  const tried = entries.flatMap(({ messages }) =>
    (situations[messages[0] ?? ''] ?? []).map((situation) => ({ messages, situation })),
  );
  it.each(tried)('hears $messages.0, and no more once the advice was followed', async (one) => {
    await holds(one.messages.map(pattern), one.situation);
  });
}

async function holds(messages: readonly RegExp[], { said, mended, well }: Situation): Promise<void> {
  const faulty = await said();
  for (const message of messages) expect(faulty).toMatch(message);
  expect(faulty).not.toContain(well);
  const sound = await mended();
  for (const message of messages) expect(sound).not.toMatch(message);
  expect(sound).toContain(well);
}

function pattern(message: string): RegExp {
  const parts = message.split('...').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(parts.join('.*'));
}
