import { useInfiniteQuery } from '@tanstack/react-query';

/** As every list of the API comes. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

type ReadPage<T> = (query: { cursor?: string }) => Promise<{ data?: Page<T> }>;

const NOTHING = { items: [], nextCursor: null };

/** A list, a page at a time, as `More` shows it. */
export function usePages<T>(queryKey: readonly unknown[], read: ReadPage<T>) {
  const pages = useInfiniteQuery({
    queryKey,
    initialPageParam: '',
    queryFn: async ({ pageParam }): Promise<Page<T>> => (await read(after(pageParam))).data ?? NOTHING,
    getNextPageParam: (last) => last.nextCursor,
  });
  return { ...pages, items: pages.data?.pages.flatMap(({ items }) => items) ?? [] };
}

/** All pages of a list, until there are `most` items. */
export async function readAll<T>(read: ReadPage<T>, most: number): Promise<readonly T[]> {
  const all: T[] = [];
  let cursor: string | null = '';
  while (cursor !== null && all.length < most) {
    const page: Page<T> = (await read(after(cursor))).data ?? NOTHING;
    all.push(...page.items);
    cursor = page.nextCursor;
  }
  return all;
}

function after(cursor: string): { cursor?: string } {
  return cursor === '' ? {} : { cursor };
}
