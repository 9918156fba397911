import { CALLERS, type ListenerRow } from './matrix.js';

/** What most listeners answered, all callers together; empty where nobody was asked. */
export function usualAnswers(rows: readonly ListenerRow[]): string {
  const counts = new Map<string, number>();
  for (const row of rows) {
    const answers = answersOf(row);
    counts.set(answers, (counts.get(answers) ?? 0) + 1);
  }
  return [...counts].toSorted(([, one], [, other]) => other - one)[0]?.[0] ?? '';
}

/** Whether it answered otherwise than most. */
export function isOdd(row: ListenerRow, usual: string): boolean {
  return answersOf(row) !== usual;
}

function answersOf({ answers }: ListenerRow): string {
  return CALLERS.map((caller) => answers[caller]?.verdict ?? '–').join();
}
