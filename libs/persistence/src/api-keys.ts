import { type DataSource, type EntityManager, IsNull, Not } from 'typeorm';
import { Database } from './database.js';
import { ApiKeyEntity, type ApiKeyRole } from './entities/api-key.entity.js';
import { newId } from './ids.js';

export interface ApiKeyView {
  readonly id: string;
  readonly role: ApiKeyRole;
  readonly label: string;
  readonly createdAt: Date;
}

/** How keys are made and hashed; #platform has it. */
export interface KeyHashing {
  generate(): string;
  /** Lower-case hex SHA-256. */
  hash(key: string): string;
}

const GIVEN = 'given in WINDLASS_ADMIN_KEY';
const GENERATED = 'generated at the first start';

/** Keys of the API, by their hashes. */
export class ApiKeys {
  private readonly database: Database;

  constructor(
    dataSource: DataSource,
    private readonly hashing: KeyHashing,
  ) {
    this.database = new Database(dataSource);
  }

  create(hash: string, role: ApiKeyRole, label: string): Promise<ApiKeyView> {
    return this.database.transaction(async ({ manager }) => {
      const id = newId();
      await manager.insert(ApiKeyEntity, { id, hash, role, label });
      return toView(await manager.findOneByOrFail(ApiKeyEntity, { id }));
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
      await session.rows('LOCK TABLE api_keys IN SHARE ROW EXCLUSIVE MODE');
      if (givenKey !== null) return this.keepGiven(session.manager, givenKey);
      const admins = await session.manager.countBy(ApiKeyEntity, { role: 'admin', revokedAt: IsNull() });
      return admins > 0 ? null : this.generate(session.manager);
    });
  }

  private async keepGiven(manager: EntityManager, givenKey: string): Promise<null> {
    const hash = this.hashing.hash(givenKey);
    const superseded = { label: GIVEN, hash: Not(hash), revokedAt: IsNull() };
    await manager.update(ApiKeyEntity, superseded, { revokedAt: () => 'now()' });
    const known = await manager.update(ApiKeyEntity, { hash }, { revokedAt: null });
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

function toView({ id, role, label, createdAt }: ApiKeyEntity): ApiKeyView {
  return { id, role, label, createdAt };
}
