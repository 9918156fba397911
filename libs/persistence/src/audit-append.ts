import { type AuditEntry, type AuditFact, linked } from '#audit-chain';
import type { Session } from './database.js';
import { newId } from './ids.js';

interface HeadRow {
  readonly count: string;
  readonly hash: string;
  readonly at: Date;
}

/** The clock is asked behind the wait for the lock, so that times go up with the numbers. */
const LOCK_HEAD = `SELECT count, hash, clock_timestamp()::timestamptz(3) AS at
  FROM (SELECT count, hash FROM audit_head FOR UPDATE) AS head`;

const COLUMNS = `number, id, at, stage, actor, actor_label, actor_role, operation, subjects, request_id, reason, address,
  outcome, details, previous_hash, hash`;

const INSERT = `WITH written AS (
    INSERT INTO audit_entries (${COLUMNS}) SELECT ${COLUMNS} FROM json_to_recordset($1::json) AS entry (
      number bigint, id uuid, at timestamptz, stage text, actor text, actor_label text, actor_role text,
      operation text, subjects text[], request_id text, reason text, address text, outcome text, details json,
      previous_hash text, hash text)
  )
  UPDATE audit_head SET count = $2, hash = $3`;

/**
 * The facts as the next links of the chain, in the order given. Whoever appends holds the head of the chain until the
 * end of the transaction, so it comes last in one.
 */
export async function appendAudit(
  session: Session,
  facts: readonly AuditFact[],
): Promise<readonly AuditEntry[]> {
  const [head] = await session.rows<HeadRow>(LOCK_HEAD);
  if (head === undefined) throw new Error('the audit chain has no head, though a migration made one');
  const entries = linked(facts, { count: Number(head.count), hash: head.hash }, head.at.toISOString());
  const last = entries.at(-1);
  if (last === undefined) return [];
  await session.count(INSERT, [JSON.stringify(entries.map(toRow)), last.number, last.hash]);
  return entries;
}

/** As {@link appendAudit}, where an earlier try may have landed whose answer was lost. */
export async function appendAuditAgain(
  session: Session,
  facts: readonly AuditFact[],
): Promise<readonly { readonly number: number }[]> {
  await session.rows(LOCK_HEAD);
  const landed = await session.rows<{ number: string }>(
    'SELECT number FROM audit_entries WHERE id = ANY ($1::uuid[]) ORDER BY number',
    [facts.map(({ id }) => id)],
  );
  if (landed.length > 0) return landed.map(({ number }) => ({ number: Number(number) }));
  return appendAudit(session, facts);
}

/** What Windlass does by itself. */
export function bySystem(fact: Pick<AuditFact, 'operation' | 'subjects'> & Partial<AuditFact>): AuditFact {
  return {
    ...{ id: newId(), stage: 'event', actor: 'windlass', actorLabel: null, actorRole: null },
    ...{ requestId: null, reason: null, address: null, outcome: 'succeeded', details: {} },
    ...fact,
  };
}

function toRow(entry: AuditEntry) {
  const { actorLabel, actorRole, requestId, previousHash, ...rest } = entry;
  return {
    ...rest,
    ...{ actor_label: actorLabel, actor_role: actorRole },
    ...{ request_id: requestId, previous_hash: previousHash },
  };
}
