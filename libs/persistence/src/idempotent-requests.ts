import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { Database, type Session } from './database.js';
import { newId } from './ids.js';

/** A request as far as it tells two apart. */
export interface IdempotentRequest {
  readonly actor: string;
  /** Lower-case hex SHA-256 of its key. */
  readonly keyHash: string;
  readonly fingerprint: string;
}

/** Its headers as far as they are of this reply alone, and its body. */
export interface KeptReply {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** The right to carry the request out. */
export interface Claim {
  readonly claimId: string;
  /** The id for what it creates: the same in every try. */
  readonly subjectId: string;
}

export type Claimed =
  | ({ readonly kind: 'claimed' } & Claim)
  | { readonly kind: 'answered'; readonly reply: KeptReply }
  | { readonly kind: 'in-flight' }
  | { readonly kind: 'mismatch' };

/** For how long a reply is repeated, as PostgreSQL has it. */
const KEPT = '24 hours';
const OVER = `DELETE FROM idempotent_requests WHERE created_at < now() - interval '${KEPT}'`;
/** Longer than any reply takes. A claim that outlives its process ends with it. */
const CLAIM = '60 seconds';

/** Requests that came with an Idempotency-Key (docs/adr/0024). */
export class IdempotentRequests {
  private readonly database: Database;

  constructor(dataSource: DataSource) {
    this.database = new Database(dataSource);
  }

  /** Removes what nobody gets repeated any more; returns how many that were. */
  prune(): Promise<number> {
    return this.database.statement((session) => session.count(OVER));
  }

  /** Of several who send the same at once, one is told to carry it out. */
  claim(request: IdempotentRequest): Promise<Claimed> {
    return this.database.transaction(async (session) => {
      await session.count(OVER);
      const [claim] = await take(session, request);
      return claim === undefined ? found(session, request) : { kind: 'claimed', ...claim };
    });
  }

  /** Keeps what was answered. Without effect once somebody else has the claim. */
  async keep({ claimId }: Claim, reply: KeptReply): Promise<void> {
    await this.database.statement((session) =>
      session.count('UPDATE idempotent_requests SET reply = $2 WHERE claim_id = $1', [
        claimId,
        JSON.stringify(reply),
      ]),
    );
  }

  /** It was refused and had no effect: the key is as if it never came. */
  async forget({ claimId }: Claim): Promise<void> {
    await this.database.statement((session) =>
      session.count('DELETE FROM idempotent_requests WHERE claim_id = $1', [claimId]),
    );
  }

  /** Whether it had an effect is unknown: whoever sends it again carries it out at once, under the same id. */
  async giveUp({ claimId }: Claim): Promise<void> {
    await this.database.statement((session) =>
      session.count('UPDATE idempotent_requests SET claimed_until = now() WHERE claim_id = $1', [claimId]),
    );
  }
}

function take(session: Session, { actor, keyHash, fingerprint }: IdempotentRequest): Promise<Claim[]> {
  return session.rows<Claim>(
    `INSERT INTO idempotent_requests AS r (actor, key_hash, fingerprint, subject_id, claim_id, claimed_until)
     VALUES ($1, $2, $3, $4, $5, now() + interval '${CLAIM}')
     ON CONFLICT (actor, key_hash) DO UPDATE SET claim_id = excluded.claim_id, claimed_until = excluded.claimed_until
       WHERE r.fingerprint = excluded.fingerprint AND r.reply IS NULL AND r.claimed_until <= now()
     RETURNING claim_id AS "claimId", subject_id AS "subjectId"`,
    [actor, keyHash, fingerprint, newId(), randomUUID()],
  );
}

async function found(session: Session, { actor, keyHash, fingerprint }: IdempotentRequest): Promise<Claimed> {
  const [row] = await session.rows<{ fingerprint: string; reply: string | null }>(
    'SELECT fingerprint, reply FROM idempotent_requests WHERE actor = $1 AND key_hash = $2',
    [actor, keyHash],
  );
  // Gone between the two statements: the one who carried it out was refused.
  if (row === undefined) return { kind: 'in-flight' };
  if (row.fingerprint !== fingerprint) return { kind: 'mismatch' };
  return row.reply === null ? { kind: 'in-flight' } : { kind: 'answered', reply: JSON.parse(row.reply) };
}
