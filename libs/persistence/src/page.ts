import type { EntityManager, EntityTarget, FindOptionsWhere, ObjectLiteral } from 'typeorm';
import { PortError } from '#engine';

/** One page of a list, and where the next begins; null at the end. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

/** Which page. `cursor` is what the page before gave, null for the first. */
export interface PageRequest {
  readonly cursor: string | null;
  /** Items at most. */
  readonly limit: number;
}

/** Place of a row in the order (created_at, id), which never changes, so that pages neither skip nor repeat. */
export interface PageKey {
  readonly createdAt: Date;
  readonly id: string;
}

const CURSOR = /^(\d+)\.([0-9a-f-]{36})$/;

function encodeCursor({ createdAt, id }: PageKey): string {
  return Buffer.from(`${createdAt.getTime()}.${id}`).toString('base64url');
}

/** Throws PortError `page.bad-cursor`. */
export function decodeCursor(cursor: string): PageKey {
  const [, milliseconds, id] = CURSOR.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (milliseconds === undefined || id === undefined || Number(milliseconds) > 8.64e15) throw badCursor();
  return { createdAt: new Date(Number(milliseconds)), id };
}

export function badCursor(): PortError {
  return new PortError({
    code: 'page.bad-cursor',
    message: 'The cursor is none that this list gave.',
    nextStep: 'Leave it out to start at the first page.',
  });
}

/**
 * The rows of one page and one more, in the order (created_at, id): oldest first, or newest first. Throws PortError
 * `page.bad-cursor`.
 */
export function readPage<Row extends PageKey & ObjectLiteral>(
  manager: EntityManager,
  entity: EntityTarget<Row>,
  where: FindOptionsWhere<Row>,
  { cursor, limit }: PageRequest,
  first: 'oldest' | 'newest' = 'oldest',
): Promise<Row[]> {
  const query = manager.createQueryBuilder(entity, 'item').where(where);
  const direction = first === 'oldest' ? 'ASC' : 'DESC';
  if (cursor !== null) {
    const behind = first === 'oldest' ? '>' : '<';
    query.andWhere(`(item.createdAt, item.id) ${behind} (:createdAt, :id)`, { ...decodeCursor(cursor) });
  }
  return query
    .orderBy('item.createdAt', direction)
    .addOrderBy('item.id', direction)
    .limit(limit + 1)
    .getMany();
}

/** Cuts the page from rows that were read with one more than `limit`. */
export function toPage<Row extends PageKey, T>(
  rows: readonly Row[],
  limit: number,
  view: (row: Row) => T,
): Page<T> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const nextCursor = rows.length > limit && last !== undefined ? encodeCursor(last) : null;
  return { items: shown.map(view), nextCursor };
}
