/** So many entries are copied for one that is set. */
const CHUNK = 128;

/**
 * A map that never loses a key, in the order in which keys came. Its versions share what they have in common: one more
 * entry costs the same in a map of ten and in one of a hundred thousand, and nobody who holds an older version sees it.
 */
export class GrowingMap<V> implements ReadonlyMap<string, V> {
  /** Place of each key; of a version, those below its size. */
  readonly #places: Map<string, number>;
  readonly #chunks: readonly (readonly (readonly [string, V])[])[];
  readonly size: number;

  private constructor(
    places: Map<string, number>,
    chunks: readonly (readonly (readonly [string, V])[])[],
    size: number,
  ) {
    this.#places = places;
    this.#chunks = chunks;
    this.size = size;
  }

  static empty<V>(): GrowingMap<V> {
    return new GrowingMap<V>(new Map(), [], 0);
  }

  /** The map with that entry in it; at its old place where the key was there. */
  with(key: string, value: V): GrowingMap<V> {
    const known = this.#placeOf(key);
    const place = known ?? this.size;
    const places = known === undefined ? this.#placesWith(key) : this.#places;
    const index = Math.floor(place / CHUNK);
    const chunks = this.#chunks.slice();
    const chunk = (chunks[index] ?? []).slice();
    chunk[place % CHUNK] = [key, value];
    chunks[index] = chunk;
    return new GrowingMap(places, chunks, Math.max(this.size, place + 1));
  }

  get(key: string): V | undefined {
    const place = this.#placeOf(key);
    return place === undefined ? undefined : this.#chunks[Math.floor(place / CHUNK)]?.[place % CHUNK]?.[1];
  }

  has(key: string): boolean {
    return this.#placeOf(key) !== undefined;
  }

  *entries(): MapIterator<[string, V]> {
    for (const chunk of this.#chunks) for (const [key, value] of chunk) yield [key, value];
    return undefined;
  }

  *keys(): MapIterator<string> {
    for (const chunk of this.#chunks) for (const [key] of chunk) yield key;
    return undefined;
  }

  *values(): MapIterator<V> {
    for (const chunk of this.#chunks) for (const [, value] of chunk) yield value;
    return undefined;
  }

  [Symbol.iterator](): MapIterator<[string, V]> {
    return this.entries();
  }

  forEach(visit: (value: V, key: string, map: ReadonlyMap<string, V>) => void): void {
    for (const [key, value] of this.entries()) visit(value, key, this);
  }

  #placeOf(key: string): number | undefined {
    const place = this.#places.get(key);
    return place !== undefined && place < this.size ? place : undefined;
  }

  /** Another version that grew out of this one may have put another key there: then the two go apart for good. */
  #placesWith(key: string): Map<string, number> {
    const place = this.#places.get(key);
    if (place === this.size) return this.#places;
    if (place === undefined && this.#places.size === this.size) return this.#places.set(key, this.size);
    const own = new Map([...this.keys()].map((known, index) => [known, index] as const));
    return own.set(key, this.size);
  }
}
