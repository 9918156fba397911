import type { Lease } from '#engine';
import type { Scope } from '#rotation';
import type { Database, Session } from './database.js';
import { installationId } from './installation-id.js';
import { notFound } from './not-found.js';

const HELD = 'holder IS NOT NULL AND expires_at > clock_timestamp()';

interface Wish {
  readonly rotationId: string;
  readonly scope: Scope;
  readonly holder: string;
  readonly ttlMilliseconds: number;
}

/** Leases by the database's clock, so that the clocks of workers do not matter. */
export class JournalLeases {
  constructor(private readonly database: Database) {}

  acquire(wish: Wish): Promise<Lease | null> {
    return this.database.transaction(async (session) =>
      (await isHeld(session, wish)) ? null : takeOver(session, wish),
    );
  }

  /** An expired lease that nobody took is still ours: its term is the newest. */
  async renew(lease: Lease, ttlMilliseconds: number): Promise<boolean> {
    const renewed = await this.database.statement((session) =>
      session.count(
        `UPDATE leases SET expires_at = clock_timestamp() + $7 * interval '1 millisecond'
         FROM rotations, installation
         WHERE leases.rotation_id = $1 AND scope = $2 AND leases.term = $3 AND holder = $4
           AND rotations.id = $1 AND rotations.epoch = $5 AND installation.installation::text = $6`,
        [...keyOf(lease), lease.epoch, lease.installation, ttlMilliseconds],
      ),
    );
    return renewed === 1;
  }

  async held(rotationId: string): Promise<ReadonlySet<Scope>> {
    const rows = await this.database.statement((session) =>
      session.rows<{ scope: Scope }>(`SELECT scope FROM leases WHERE rotation_id = $1 AND ${HELD}`, [
        rotationId,
      ]),
    );
    return new Set(rows.map(({ scope }) => scope));
  }

  async release(lease: Lease): Promise<void> {
    await this.database.statement((session) =>
      session.count(
        'UPDATE leases SET holder = NULL WHERE rotation_id = $1 AND scope = $2 AND term = $3 AND holder = $4',
        keyOf(lease),
      ),
    );
  }
}

/** A look without a lock: the many who find the scope taken must not stand in the way of appends. */
async function isHeld(session: Session, { rotationId, scope }: Wish): Promise<boolean> {
  const held = await session.rows(`SELECT 1 FROM leases WHERE rotation_id = $1 AND scope = $2 AND ${HELD}`, [
    rotationId,
    scope,
  ]);
  return held.length > 0;
}

/**
 * Under the lock of the rotation's row, as appends are: no takeover comes between the check of a lease and the
 * commit of what was appended under it, and no two scopes draw one term.
 */
async function takeOver(session: Session, wish: Wish): Promise<Lease | null> {
  const { rotationId, scope, holder, ttlMilliseconds } = wish;
  const [rotation] = await session.rows<{ epoch: string; term: number }>(
    'SELECT epoch, term FROM rotations WHERE id = $1 FOR NO KEY UPDATE',
    [rotationId],
  );
  if (rotation === undefined) throw notFound('rotation', rotationId);
  const term = rotation.term + 1;
  const taken = await session.count(
    `INSERT INTO leases AS mine (rotation_id, scope, holder, term, expires_at)
     VALUES ($1, $2, $3, $4, clock_timestamp() + $5 * interval '1 millisecond')
     ON CONFLICT (rotation_id, scope) DO UPDATE
       SET holder = excluded.holder, term = excluded.term, expires_at = excluded.expires_at
       WHERE mine.holder IS NULL OR mine.expires_at <= clock_timestamp()`,
    [rotationId, scope, holder, term, ttlMilliseconds],
  );
  if (taken === 0) return null;
  await session.count('UPDATE rotations SET term = $2 WHERE id = $1', [rotationId, term]);
  const installation = await installationId(session);
  return { rotationId, scope, holder, term, installation, epoch: Number(rotation.epoch) };
}

function keyOf({ rotationId, scope, term, holder }: Lease): unknown[] {
  return [rotationId, scope, term, holder];
}
