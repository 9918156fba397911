import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import {
  type ClaimedDelivery,
  type DeliveryOutcome,
  type DriftFinding,
  type Secret,
  type SecretBox,
  type UntoldDrift,
  type WebhookCursor,
  type WebhookEvent,
  WebhookStore,
} from '#engine';
import { Database } from './database.js';
import { sealContext } from './sealed-columns.js';
import { moveCursor, recordDeliveries } from './webhook-announcement.js';
import { CLAIM, DISABLE, PRUNE, ROTATIONS_BEHIND, SETTLE, UNTOLD_DRIFT } from './webhook-statements.js';

interface DriftRow {
  readonly scheduleId: string;
  readonly fleetId: string;
  readonly fleetName: string;
  readonly after: number;
  readonly finding: DriftFinding;
}

interface SecretsRow {
  readonly secret: string;
  /** Null: none, or its time is over. */
  readonly previous: string | null;
}

/** Deliveries as rows of PostgreSQL. Throws PortError `database.unreachable` (transient). */
export class PostgresWebhookStore extends WebhookStore {
  private readonly database: Database;

  constructor(
    dataSource: DataSource,
    private readonly box: SecretBox,
  ) {
    super();
    this.database = new Database(dataSource);
  }

  override async rotationsBehind(): Promise<readonly WebhookCursor[]> {
    const rows = await this.rows<{ id: string; after: number }>(ROTATIONS_BEHIND);
    return rows.map(({ id, after }) => ({ source: 'rotation', id, after: Number(after) }));
  }

  override async untoldDrift(): Promise<readonly UntoldDrift[]> {
    const rows = await this.rows<DriftRow>(UNTOLD_DRIFT);
    return rows.map(({ scheduleId, after, ...drift }) => ({
      cursor: { source: 'drift', id: scheduleId, after: Number(after) },
      ...drift,
    }));
  }

  override announce(cursor: WebhookCursor, to: number, events: readonly WebhookEvent[]): Promise<boolean> {
    return this.database.transaction(async (session) => {
      if (!(await moveCursor(session, cursor, to))) return false;
      await recordDeliveries(session, events);
      return true;
    });
  }

  override claim(now: number, until: number, most: number): Promise<readonly ClaimedDelivery[]> {
    return this.rows<ClaimedDelivery>(CLAIM, [new Date(now), new Date(until), most, randomUUID()]);
  }

  override async secrets(endpointId: string, now: number): Promise<readonly Secret[]> {
    const [row] = await this.rows<SecretsRow>(
      `SELECT secret, CASE WHEN previous_secret_until > $2 THEN previous_secret END AS previous
         FROM webhook_endpoints WHERE id = $1`,
      [endpointId, new Date(now)],
    );
    if (row === undefined) return [];
    const newest = await this.box.open(row.secret, sealContext('webhook_endpoints.secret', endpointId));
    if (row.previous === null) return [newest];
    const context = sealContext('webhook_endpoints.previous_secret', endpointId);
    return [newest, await this.box.open(row.previous, context)];
  }

  override settle(delivery: ClaimedDelivery, outcome: DeliveryOutcome): Promise<boolean> {
    const { id, claim, endpointId } = delivery;
    const { responseCode, error, disable } = outcome;
    const at = new Date(outcome.at);
    const next = outcome.nextAttemptAt === null ? null : new Date(outcome.nextAttemptAt);
    return this.database.transaction(async (session) => {
      const [settled] = await session.rows<{ since: Date }>(SETTLE, [
        id,
        claim,
        at,
        responseCode,
        error,
        next,
      ]);
      if (settled === undefined || disable === null) return false;
      const { reason, when } = disable;
      const since = when === 'at-once' ? null : settled.since;
      return (await session.count(DISABLE, [endpointId, at, reason, since])) === 1;
    });
  }

  override prune(before: number): Promise<number> {
    return this.database.statement((session) => session.count(PRUNE, [new Date(before)]));
  }

  private rows<Row>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    return this.database.statement((session) => session.rows<Row>(sql, parameters));
  }
}
