import { type DataSource, type EntityManager, IsNull, Not } from 'typeorm';
import { PortError } from '#engine';
import { Database } from './database.js';
import { ApiKeyEntity, type ApiKeyRole } from './entities/api-key.entity.js';
import { isId, newId } from './ids.js';
import { notFound } from './not-found.js';
import { type Page, type PageRequest, readPage, toPage } from './page.js';

export interface ApiKeyView {
  readonly id: string;
  readonly role: ApiKeyRole;
  readonly label: string;
  readonly createdAt: Date;
  readonly revokedAt: Date | null;
}

/** A key that was made just now: its text is kept nowhere. */
export interface NewApiKey extends ApiKeyView {
  readonly key: string;
}

/** How keys are made and hashed; #platform has it. */
export interface KeyHashing {
  generate(): string;
  /** Lower-case hex SHA-256. */
  hash(key: string): string;
}

const GIVEN = 'given in WINDLASS_ADMIN_KEY';
const GENERATED = 'generated at the first start';
const ONE_WRITER = 'LOCK TABLE api_keys IN SHARE ROW EXCLUSIVE MODE';

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
   * Makes a key. No two that are good have one label: it is what people know each other's keys by. Throws PortError
   * `api-key.label-taken`.
   */
  create(role: ApiKeyRole, label: string): Promise<NewApiKey> {
    return this.database.transaction(async (session) => {
      const { manager } = session;
      await session.rows(ONE_WRITER);
      if (await manager.existsBy(ApiKeyEntity, { label, revokedAt: IsNull() })) throw labelTaken(label);
      const [id, key] = [newId(), this.hashing.generate()];
      await manager.insert(ApiKeyEntity, { id, hash: this.hashing.hash(key), role, label });
      return { ...toView(await manager.findOneByOrFail(ApiKeyEntity, { id })), key };
    });
  }

  /** Oldest first, the revoked ones among them: journals name them. Throws PortError `page.bad-cursor`. */
  async list(page: PageRequest): Promise<Page<ApiKeyView>> {
    const rows = await this.database.statement(({ manager }) => readPage(manager, ApiKeyEntity, {}, page));
    return toPage(rows, page.limit, toView);
  }

  /** Lets it open nothing any more. Throws PortError `api-key.not-found`, `api-key.last-admin`. */
  revoke(id: string): Promise<void> {
    return this.database.transaction(async (session) => {
      const { manager } = session;
      await session.rows(ONE_WRITER);
      const good = { revokedAt: IsNull() };
      const row = isId(id) ? await manager.findOneBy(ApiKeyEntity, { id, ...good }) : null;
      if (row === null) throw notFound('api-key', id);
      const admins = await manager.countBy(ApiKeyEntity, { role: 'admin', ...good });
      if (row.role === 'admin' && admins === 1) throw lastAdmin(row.label);
      await manager.update(ApiKeyEntity, { id }, { revokedAt: () => 'now()' });
    });
  }

  /** Null for a key that never was or is revoked. */
  async findByHash(hash: string): Promise<ApiKeyView | null> {
    const row = await this.database.statement(({ manager }) =>
      manager.findOneBy(ApiKeyEntity, { hash, revokedAt: IsNull() }),
    );
    return row === null ? null : toView(row);
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
      if (givenKey !== null) return this.keepGiven(session.manager, givenKey);
      const admins = await session.manager.countBy(ApiKeyEntity, { role: 'admin', revokedAt: IsNull() });
      return admins > 0 ? null : this.generate(session.manager);
    });
  }

  private async keepGiven(manager: EntityManager, givenKey: string): Promise<null> {
    const hash = this.hashing.hash(givenKey);
    const superseded = { label: GIVEN, hash: Not(hash), revokedAt: IsNull() };
    await manager.update(ApiKeyEntity, superseded, { revokedAt: () => 'now()' });
    const known = await manager.update(ApiKeyEntity, { hash }, { revokedAt: null, role: 'admin' });
    if (known.affected === 0)
      await manager.insert(ApiKeyEntity, { id: newId(), hash, role: 'admin', label: GIVEN });
    return null;
  }

  private async generate(manager: EntityManager): Promise<string> {
    const key = this.hashing.generate();
    const hash = this.hashing.hash(key);
    await manager.insert(ApiKeyEntity, { id: newId(), hash, role: 'admin', label: GENERATED });
    return key;
  }
}

function toView({ id, role, label, createdAt, revokedAt }: ApiKeyEntity): ApiKeyView {
  return { id, role, label, createdAt, revokedAt };
}

function labelTaken(label: string): PortError {
  return new PortError({
    code: 'api-key.label-taken',
    message: `There is an API key with the label ${label} already.`,
    nextStep: 'Take another label, or revoke the key that has it.',
  });
}

function lastAdmin(label: string): PortError {
  return new PortError({
    code: 'api-key.last-admin',
    message: `The API key ${label} is the last one of an admin.`,
    nextStep: 'Make another admin key first: nobody could make keys without one.',
  });
}
