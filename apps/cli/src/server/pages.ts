interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

interface PageQuery {
  readonly limit: number;
  readonly cursor?: string;
}

/** Every item of a list, however many pages it has. */
export async function allItems<Item>(
  read: (query: PageQuery) => Promise<Page<Item> | undefined>,
): Promise<Item[]> {
  const found: Item[] = [];
  let cursor: string | null = null;
  do {
    const query: PageQuery = { limit: 200, ...(cursor === null ? {} : { cursor }) };
    const page: Page<Item> | undefined = await read(query);
    found.push(...(page?.items ?? []));
    cursor = page?.nextCursor ?? null;
  } while (cursor !== null);
  return found;
}
