import { type DataSource, IsNull, Not } from 'typeorm';
import type { Role } from '#engine';
import {
  type ApiKeyView,
  type FoundApiKey,
  type KeyBounds,
  labelTaken,
  lastAdmin,
  type NewApiKey,
  toApiKeyView,
} from './api-key-views.js';
import { appendAudit, bySystem } from './audit-append.js';
import { Database, type Session } from './database.js';
import { ApiKeyEntity } from './entities/api-key.entity.js';
import { isId, newId } from './ids.js';
import { notFound } from './not-found.js';
import { type Page, type PageRequest, readPage, toPage } from './page.js';

/** How keys are made and hashed; #platform has it. */
export interface KeyHashing {
  generate(): string;
  /** Lower-case hex SHA-256. */
  hash(key: string): string;
}

const GIVEN = 'given in WINDLASS_ADMIN_KEY';
const GENERATED = 'generated at the first start';
const ONE_WRITER = 'LOCK TABLE api_keys IN SHARE ROW EXCLUSIVE MODE';
const UNBOUND: KeyBounds = { fleetIds: null, expiresAt: null, person: null };
/** Whoever may make keys today: one that is confined to fleets may not. */
const GOOD_ADMINS = `SELECT id FROM api_keys WHERE role = 'admin' AND revoked_at IS NULL AND fleet_ids IS NULL
  AND (expires_at IS NULL OR expires_at > now())`;
/** Often enough for people, and no load. */
const STALE = `coalesce(last_used_at < now() - interval '1 minute', true)`;
/** Every request asks this, so it is read as it is shown. */
const FOUND = `SELECT id, role, label, fleet_ids AS "fleetIds", person, created_at AS "createdAt",
    expires_at AS "expiresAt", last_used_at AS "lastUsedAt", revoked_at AS "revokedAt",
    coalesce(expires_at <= now(), false) AS expired, ${STALE} AS stale
  FROM api_keys WHERE hash = $1 AND revoked_at IS NULL`;

/** Keys of the API, by their hashes. */
export class ApiKeys {
  private readonly database: Database;

  constructor(
    dataSource: DataSource,
    private readonly hashing: KeyHashing,
  ) {
    this.database = new Database(dataSource);
  }

  /**
   * Makes a key. No two that are not revoked have one label: it is what people know each other's keys by. Throws
   * PortError `api-key.label-taken`, and `fleet.not-found` for a fleet to confine it to.
   */
  create(role: Role, label: string, bounds: Partial<KeyBounds> = {}): Promise<NewApiKey> {
    const { fleetIds, expiresAt, person } = { ...UNBOUND, ...bounds };
    return this.database.transaction(async (session) => {
      const { manager } = session;
      await session.rows(ONE_WRITER);
      if (await manager.existsBy(ApiKeyEntity, { label, revokedAt: IsNull() })) throw labelTaken(label);
      await refuseUnknown(session, fleetIds ?? []);
      const [id, key] = [newId(), this.hashing.generate()];
      const row = { id, hash: this.hashing.hash(key), role, label, expiresAt, person };
      await manager.insert(ApiKeyEntity, { ...row, fleetIds: fleetIds && [...fleetIds] });
      return { ...toApiKeyView(await manager.findOneByOrFail(ApiKeyEntity, { id })), key };
    });
  }

  /** Oldest first, the revoked ones among them: journals name them. Throws PortError `page.bad-cursor`. */
  async list(page: PageRequest): Promise<Page<ApiKeyView>> {
    const rows = await this.database.statement(({ manager }) => readPage(manager, ApiKeyEntity, {}, page));
    return toPage(rows, page.limit, toApiKeyView);
  }

  /** Lets it open nothing any more. Throws PortError `api-key.not-found`, `api-key.last-admin`. */
  revoke(id: string): Promise<void> {
    return this.database.transaction(async (session) => {
      const { manager } = session;
      await session.rows(ONE_WRITER);
      const good = { revokedAt: IsNull() };
      const row = isId(id) ? await manager.findOneBy(ApiKeyEntity, { id, ...good }) : null;
      if (row === null) throw notFound('api-key', id);
      const admins = await session.rows<{ id: string }>(GOOD_ADMINS);
      if (admins.length === 1 && admins[0]?.id === row.id) throw lastAdmin(row.label);
      await manager.update(ApiKeyEntity, { id }, { revokedAt: () => 'now()' });
    });
  }

  /** Null for a key that never was or is revoked. Records that it was used. */
  findByHash(hash: string): Promise<FoundApiKey | null> {
    return this.database.statement(async (session) => {
      const [row] = await session.rows<FoundApiKey & { readonly stale: boolean }>(FOUND, [hash]);
      if (row === undefined) return null;
      const { stale, ...found } = row;
      if (stale && !found.expired)
        await session.count(`UPDATE api_keys SET last_used_at = now() WHERE id = $1 AND ${STALE}`, [row.id]);
      return found;
    });
  }

  /**
   * Makes sure that somebody can get in. A given key becomes an admin key, and the one given before is revoked.
   * Without one, the text of a new admin key comes back when there is none yet: show it once, it is kept
   * nowhere. Null when nothing was generated.
   */
  ensureAdminKey(givenKey: string | null): Promise<string | null> {
    return this.database.transaction(async (session) => {
      // Replicas that start together must not each generate one.
      await session.rows(ONE_WRITER);
      if (givenKey !== null) return this.keepGiven(session, givenKey);
      const admins = await session.rows(GOOD_ADMINS);
      return admins.length > 0 ? null : this.generate(session);
    });
  }

  private async keepGiven(session: Session, givenKey: string): Promise<null> {
    const { manager } = session;
    const hash = this.hashing.hash(givenKey);
    const superseded = { label: GIVEN, hash: Not(hash), revokedAt: IsNull() };
    const kept = await manager.existsBy(ApiKeyEntity, { hash, role: 'admin', revokedAt: IsNull() });
    // Every start comes by here; only what changes something is recorded.
    if (kept && !(await manager.existsBy(ApiKeyEntity, superseded))) return null;
    await manager.update(ApiKeyEntity, superseded, { revokedAt: () => 'now()' });
    const admin = { revokedAt: null, role: 'admin', ...UNBOUND, fleetIds: null } as const;
    const known = await manager.update(ApiKeyEntity, { hash }, admin);
    if (known.affected === 0)
      await manager.insert(ApiKeyEntity, { id: newId(), hash, role: 'admin', label: GIVEN });
    const { id } = await manager.findOneByOrFail(ApiKeyEntity, { hash });
    await appendAudit(session, [bySystem({ operation: 'api-key.given', subjects: [`api-key:${id}`] })]);
    return null;
  }

  private async generate(session: Session): Promise<string> {
    const [id, key] = [newId(), this.hashing.generate()];
    const hash = this.hashing.hash(key);
    await session.manager.insert(ApiKeyEntity, { id, hash, role: 'admin', label: GENERATED });
    await appendAudit(session, [bySystem({ operation: 'api-key.generated', subjects: [`api-key:${id}`] })]);
    return key;
  }
}

async function refuseUnknown(session: Session, fleetIds: readonly string[]): Promise<void> {
  const rows = await session.rows<{ id: string }>('SELECT id FROM fleets WHERE id = ANY ($1)', [fleetIds]);
  const unknown = fleetIds.find((fleetId) => !rows.some(({ id }) => id === fleetId.toLowerCase()));
  if (unknown !== undefined) throw notFound('fleet', unknown);
}
