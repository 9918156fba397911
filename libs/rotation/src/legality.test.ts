import { describe, expect, it } from 'vitest';
import { type Broken, journalOf } from './broken-journal.fixture.js';
import { BROKEN } from './broken-journals.fixture.js';
import { replay } from './reduce.js';

/** How long a host waits is the append's to judge; that version 1 alone wrote under no lease, the auditor's. */
const LEFT_TO_OTHERS = ['I10', 'an intent under no term'];
const ROWS = BROKEN.filter(
  ([breaks, by, , , bent]) => ![breaks, by].some((word) => LEFT_TO_OTHERS.includes(word)) && !bent?.without,
);

function refusal(row: Broken): string {
  try {
    replay(journalOf(row));
    return 'nothing: it was taken';
  } catch (error) {
    return (error as Error).name;
  }
}

describe('what may never be is illegal as well, by rules that share nothing with the audit', () => {
  it.each(ROWS.map((row) => ({ row, breaks: row[0], by: row[1] })))('$breaks: $by', ({ row }) => {
    expect(refusal(row)).toBe('IllegalEvent');
  });
});
