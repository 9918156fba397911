import type { DataSource } from 'typeorm';
import { type ActiveRow, type EndedRow, type FigureRows, FigureStore, type JournalEntry } from '#engine';
import { Database, type Session } from './database.js';
import { FLEET_ROWS, type FleetResult, toFleetRow } from './figure-statements.js';
import { toEntry } from './journal-append.js';

/** A rotation of several fleets is one of each of them. */
const OF_EACH_FLEET = 'rotations CROSS JOIN unnest(fleet_id || other_fleet_ids) AS moved (fleet)';

const ENDED = `SELECT fleet AS "fleetId", status, count(*)::integer AS count, max(ended_at) AS "lastEndedAt"
  FROM ${OF_EACH_FLEET} WHERE ended_at IS NOT NULL GROUP BY fleet, status`;

const ACTIVE = `SELECT id AS "rotationId", fleet AS "fleetId", status, phase, version, created_at AS "requestedAt"
  FROM ${OF_EACH_FLEET} WHERE ended_at IS NULL ORDER BY created_at, id`;

const LOOKS = `SELECT max(looked_at) AS "lastLookAt",
    count(*) FILTER (WHERE looked_at > clock_timestamp() - interval '2 minutes')::integer AS workers
  FROM workers`;

/** Worker processes have names of their own: whoever looked no more for a day is gone for good. */
const NOTE_LOOK = `WITH gone AS (DELETE FROM workers WHERE looked_at < clock_timestamp() - interval '1 day')
  INSERT INTO workers (name, looked_at) VALUES ($1, clock_timestamp())
  ON CONFLICT (name) DO UPDATE SET looked_at = excluded.looked_at`;

const ENTRIES = `SELECT rotation_id AS "rotationId", sequence, at, event
  FROM journal_entries JOIN unnest($1::uuid[], $2::integer[]) AS wanted (id, after)
    ON rotation_id = wanted.id AND sequence > after
  ORDER BY rotation_id, sequence`;

type Dated<Row, Key extends keyof Row> = Omit<Row, Key> & Readonly<Record<Key, Date>>;
type EntryResult = Parameters<typeof toEntry>[0] & { readonly rotationId: string };

/** Throws PortError `database.unreachable`. */
export class PostgresFigureStore extends FigureStore {
  private readonly database: Database;

  constructor(dataSource: DataSource) {
    super();
    this.database = new Database(dataSource);
  }

  override rows(): Promise<FigureRows> {
    return this.database.snapshot(async (session) => ({
      fleets: (await session.rows<FleetResult>(FLEET_ROWS)).map(toFleetRow),
      ended: await endedRows(session),
      active: await activeRows(session),
      ...(await looks(session)),
    }));
  }

  override async contents(generationIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const rows = await this.database.statement((session) =>
      session.rows<{ id: string; content: string }>(
        'SELECT id, content FROM generations WHERE id = ANY ($1::uuid[])',
        [generationIds],
      ),
    );
    return new Map(rows.map(({ id, content }) => [id, content]));
  }

  override async entries(
    journals: readonly { readonly rotationId: string; readonly after: number }[],
  ): Promise<ReadonlyMap<string, readonly JournalEntry[]>> {
    const wanted = [journals.map(({ rotationId }) => rotationId), journals.map(({ after }) => after)];
    const rows = await this.database.statement((session) => session.rows<EntryResult>(ENTRIES, wanted));
    const byRotation = new Map<string, JournalEntry[]>(journals.map(({ rotationId }) => [rotationId, []]));
    for (const row of rows) byRotation.get(row.rotationId)?.push(toEntry(row));
    return byRotation;
  }

  override async noteLook(worker: string): Promise<void> {
    await this.database.statement((session) => session.count(NOTE_LOOK, [worker]));
  }
}

async function endedRows(session: Session): Promise<readonly EndedRow[]> {
  const rows = await session.rows<Dated<EndedRow, 'lastEndedAt'>>(ENDED);
  return rows.map((row) => ({ ...row, lastEndedAt: row.lastEndedAt.getTime() }));
}

async function activeRows(session: Session): Promise<readonly ActiveRow[]> {
  const rows = await session.rows<Dated<ActiveRow, 'requestedAt'>>(ACTIVE);
  return rows.map((row) => ({ ...row, requestedAt: row.requestedAt.getTime() }));
}

async function looks(session: Session): Promise<Pick<FigureRows, 'lastLookAt' | 'workers'>> {
  const [row] = await session.rows<{ lastLookAt: Date | null; workers: number }>(LOOKS);
  return { lastLookAt: row?.lastLookAt?.getTime() ?? null, workers: row?.workers ?? 0 };
}
