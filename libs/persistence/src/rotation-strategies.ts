import type { Strategy } from '#rotation';
import type { Session } from './database.js';

/** What was asked for is in the first entry of the journal and nowhere else: of a large fleet, a megabyte of text. */
const STRATEGIES = `
SELECT rotation_id AS id, event -> 'snapshot' ->> 'strategy' AS strategy
  FROM journal_entries WHERE rotation_id = ANY ($1::uuid[]) AND sequence = 1`;

/** Rotations whose strategy is remembered. */
const REMEMBERED = 1_000;

/** The strategies of rotations, which never change: each is read once. */
export class RotationStrategies {
  private readonly known = new Map<string, Strategy>();

  async of(session: Session, ids: readonly string[]): Promise<ReadonlyMap<string, Strategy>> {
    const missing = ids.filter((id) => !this.known.has(id));
    const rows =
      missing.length === 0
        ? []
        : await session.rows<{ id: string; strategy: Strategy }>(STRATEGIES, [missing]);
    for (const { id, strategy } of rows) this.known.set(id, strategy);
    const found = new Map(
      ids.flatMap((id) => {
        const strategy = this.known.get(id);
        return strategy === undefined ? [] : [[id, strategy] as const];
      }),
    );
    for (const id of this.known.keys()) {
      if (this.known.size <= REMEMBERED) break;
      this.known.delete(id);
    }
    return found;
  }
}
