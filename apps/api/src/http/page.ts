import { z } from 'zod';
import type { PageRequest } from '#persistence';

const MOST = 200;
const USUAL = 50;

/** Query of every list that comes in pages. */
export const pageQuery = {
  limit: z.coerce
    .number({ error: `must be a number from 1 to ${MOST}` })
    .int()
    .min(1)
    .max(MOST)
    .default(USUAL)
    .meta({ description: 'Items at most.' }),
  cursor: z
    .string()
    .max(200)
    .optional()
    .meta({ description: '`nextCursor` of the page before; left out for the first.' }),
};

export const PageQuery = z.strictObject(pageQuery);

export function pageRequest({ limit, cursor }: z.infer<typeof PageQuery>): PageRequest {
  return { limit, cursor: cursor ?? null };
}

/** One page as it is shown. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({
    items: z.array(item),
    nextCursor: z.string().nullable().meta({ description: 'Where the next page begins; null at the end.' }),
  });
}

/** A whole list, short by nature. */
export function listOf<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item) });
}
