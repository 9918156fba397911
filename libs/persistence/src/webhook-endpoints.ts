import type { DataSource, EntityManager } from 'typeorm';
import { In } from 'typeorm';
import type { Secret, SecretBox } from '#engine';
import { Database, type Session } from './database.js';
import { FleetEntity } from './entities/fleet.entity.js';
import { WebhookEndpointEntity } from './entities/webhook-endpoint.entity.js';
import { isId, newId } from './ids.js';
import { notFound } from './not-found.js';
import { decodeCursor, type Page, type PageRequest, toPage } from './page.js';
import { sealContext } from './sealed-columns.js';
import type { WebhookSettings, WebhookView, WebhookWithSecret } from './webhook-views.js';

/** Endpoints of webhooks as people record and see them. */
export class WebhookEndpoints {
  private readonly database: Database;

  constructor(
    dataSource: DataSource,
    private readonly box: SecretBox,
    private readonly newSecret: () => Secret,
  ) {
    this.database = new Database(dataSource);
  }

  /** Throws PortError `fleet.not-found`. */
  async create(settings: WebhookSettings, createdBy: string): Promise<WebhookWithSecret> {
    const id = newId();
    const secret = this.newSecret();
    const sealed = await this.box.seal(secret.reveal(), sealContext('webhook_endpoints.secret', id));
    const row = { ...columnsOf(settings), id, secret: sealed, createdBy };
    return this.database.transaction(async ({ manager }) => {
      await requireFleets(manager, settings.fleetIds);
      await manager.insert(WebhookEndpointEntity, row);
      return { webhook: toView(await rowOf(manager, id)), secret };
    });
  }

  /** Oldest first. Throws PortError `page.bad-cursor`. */
  async list({ cursor, limit }: PageRequest): Promise<Page<WebhookView>> {
    const after = cursor === null ? null : decodeCursor(cursor);
    const rows = await this.database.statement(({ manager }) => {
      const query = manager.createQueryBuilder(WebhookEndpointEntity, 'one');
      if (after !== null) query.where('(one.createdAt, one.id) > (:createdAt, :id)', { ...after });
      return query
        .orderBy('one.createdAt')
        .addOrderBy('one.id')
        .limit(limit + 1)
        .getMany();
    });
    return toPage(rows, limit, toView);
  }

  /** Throws PortError `webhook.not-found`. */
  async get(id: string): Promise<WebhookView> {
    return toView(await this.database.statement(({ manager }) => rowOf(manager, id)));
  }

  /**
   * What is left out stays. One that is enabled again goes on with what waits for it. Throws PortError
   * `webhook.not-found`, `fleet.not-found`.
   */
  change(id: string, change: Partial<WebhookSettings>): Promise<WebhookView> {
    return this.database.transaction(async (session) => {
      const now = await lockedRow(session, id);
      const { manager } = session;
      const settings = { ...toView(now), ...change };
      await requireFleets(manager, change.fleetIds ?? null);
      const switched = settings.enabled === now.enabled ? {} : switchedTo(settings.enabled);
      await manager.update(WebhookEndpointEntity, { id }, { ...columnsOf(settings), ...switched });
      return toView(await rowOf(manager, id));
    });
  }

  /** With all its deliveries. Throws PortError `webhook.not-found`. */
  async remove(id: string): Promise<void> {
    if (!isId(id)) throw notFound('webhook', id);
    const { affected } = await this.database.statement(({ manager }) =>
      manager.delete(WebhookEndpointEntity, { id }),
    );
    if (affected !== 1) throw notFound('webhook', id);
  }

  /**
   * Gives it a new secret; deliveries are signed with the one of before as well until `until`. Throws PortError
   * `webhook.not-found`, `secret.not-opened`.
   */
  rotateSecret(id: string, until: Date): Promise<WebhookWithSecret> {
    return this.database.transaction(async (session) => {
      const row = await lockedRow(session, id);
      const secret = this.newSecret();
      const current = sealContext('webhook_endpoints.secret', id);
      const before = await this.box.open(row.secret, current);
      const previous = sealContext('webhook_endpoints.previous_secret', id);
      const changed = {
        secret: await this.box.seal(secret.reveal(), current),
        previousSecret: await this.box.seal(before.reveal(), previous),
        previousSecretUntil: until,
      };
      await session.manager.update(WebhookEndpointEntity, { id }, changed);
      return { webhook: toView(await rowOf(session.manager, id)), secret };
    });
  }
}

function columnsOf({ url, description, eventTypes, fleetIds, enabled }: WebhookSettings) {
  return {
    ...{ url, description, enabled },
    eventTypes: eventTypes && [...eventTypes],
    fleetIds: fleetIds && [...fleetIds],
  };
}

/** By a person: whatever Windlass said of it before is over. */
function switchedTo(enabled: boolean) {
  return { disabledReason: null, disabledAt: enabled ? null : () => 'now()' };
}

async function requireFleets(manager: EntityManager, fleetIds: readonly string[] | null): Promise<void> {
  if (fleetIds === null) return;
  const found = await manager.find(FleetEntity, {
    select: { id: true },
    where: { id: In(fleetIds.filter(isId)) },
  });
  const known = new Set(found.map(({ id }) => id));
  const unknown = fleetIds.find((id) => !known.has(id.toLowerCase()));
  if (unknown !== undefined) throw notFound('fleet', unknown);
}

async function lockedRow(session: Session, id: string): Promise<WebhookEndpointEntity> {
  await session.rows('SELECT 1 FROM webhook_endpoints WHERE id::text = $1 FOR NO KEY UPDATE', [id]);
  return rowOf(session.manager, id);
}

async function rowOf(manager: EntityManager, id: string): Promise<WebhookEndpointEntity> {
  const row = isId(id) ? await manager.findOneBy(WebhookEndpointEntity, { id }) : null;
  if (row === null) throw notFound('webhook', id);
  return row;
}

function toView({
  secret: _secret,
  previousSecret: _previous,
  ...shown
}: WebhookEndpointEntity): WebhookView {
  return shown;
}
