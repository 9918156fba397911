/** What comes back from a JSON column, whatever the caller does to the original, and safe to hand out again. */
export function frozenCopy<T>(value: T): T {
  return JSON.parse(JSON.stringify(value), (_key, part: unknown) => Object.freeze(part)) as T;
}
