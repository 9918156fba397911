import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  visit,
} from 'yaml';
import type { Place } from '../rule.js';
import type { TextPlaces } from './text-places.js';

/** Merges in merges, and maps that one key merges: more would multiply, and nobody writes it. */
const MAX_MERGES = 2;
const MAX_MERGED = 8;

/** Where a document stands, and what its aliases stand for. */
class Source {
  readonly #places: TextPlaces;
  readonly #base: number;
  readonly #document: Document;
  #anchors: ReadonlyMap<string, readonly Node[]> | null = null;

  constructor(document: Document, places: TextPlaces, base: number) {
    this.#document = document;
    this.#places = places;
    this.#base = base;
  }

  placeOf(node: Node): Place {
    return this.#places.at(this.#base + (node.range?.[0] ?? 0));
  }

  /** The last anchor of that name before the alias. */
  resolve(alias: Alias): Node | null {
    this.#anchors ??= anchorsOf(this.#document);
    const start = alias.range?.[0] ?? 0;
    const named = this.#anchors.get(alias.source) ?? [];
    return named.findLast((node) => (node.range?.[0] ?? 0) < start) ?? null;
  }
}

function anchorsOf(document: Document): ReadonlyMap<string, readonly Node[]> {
  const anchors = new Map<string, Node[]>();
  visit(document, {
    Node: (_key, node) => {
      if (isAlias(node) || node.anchor === undefined) return;
      const known = anchors.get(node.anchor);
      if (known === undefined) anchors.set(node.anchor, [node]);
      else known.push(node);
    },
  });
  return anchors;
}

/**
 * A value of a manifest and the place that a person has to look at: its key, or the item of a list. Aliases and merge
 * keys are followed only where somebody asks, so a text that multiplies itself costs nothing.
 */
export class ManifestNode {
  readonly at: Place;
  readonly #node: Node | null;
  readonly #source: Source;

  private constructor(node: unknown, at: Place, source: Source) {
    const resolved = isAlias(node) ? source.resolve(node) : node;
    this.#node = isNode(resolved) ? resolved : null;
    this.#source = source;
    this.at = at;
  }

  static of(document: Document, places: TextPlaces, base: number): ManifestNode | null {
    const { contents } = document;
    if (!isNode(contents)) return null;
    const source = new Source(document, places, base);
    return new ManifestNode(contents, source.placeOf(contents), source);
  }

  /** The value below these keys, one in the other; null when one of them is not there. */
  get(...keys: readonly string[]): ManifestNode | null {
    return keys.reduce<ManifestNode | null>((node, key) => (node === null ? null : node.#child(key)), this);
  }

  /** Items of a list; none of anything else. */
  items(): readonly ManifestNode[] {
    const node = this.#node;
    if (!isSeq(node)) return [];
    return node.items.flatMap((item) =>
      isNode(item) ? [new ManifestNode(item, this.#source.placeOf(item), this.#source)] : [],
    );
  }

  /** Keys and values of a map in their order, merged ones first; a key that comes twice comes twice. */
  entries(): readonly (readonly [string, ManifestNode])[] {
    return pairsOf(this.#node, this.#source).flatMap(({ key, value }) => {
      if (!isScalar(key)) return [];
      return [[wordOf(key), new ManifestNode(value, this.#source.placeOf(key), this.#source)] as const];
    });
  }

  /** A string as Kubernetes reads it; null for what is none, such as a bare `on`. */
  text(): string | null {
    const value = isScalar(this.#node) ? this.#node.value : null;
    return typeof value === 'string' ? value : null;
  }

  /** What is written, whatever it is read as; null for a map, a list, and nothing. */
  written(): string | null {
    return isScalar(this.#node) && this.#node.value !== null ? wordOf(this.#node) : null;
  }

  isTrue(): boolean {
    return isScalar(this.#node) && this.#node.value === true;
  }

  #child(key: string): ManifestNode | null {
    const found = this.entries().findLast(([name]) => name === key);
    return found?.[1] ?? null;
  }
}

function wordOf(scalar: { readonly source?: string | undefined; readonly value: unknown }): string {
  return typeof scalar.value === 'string' ? scalar.value : (scalar.source ?? String(scalar.value));
}

/** Pairs of a map; those of `<<` come first, so that a key of its own is the last of its name. */
function pairsOf(node: Node | null, source: Source, depth = 0): readonly Pair[] {
  if (!isMap(node) || depth > MAX_MERGES) return [];
  const merged: Pair[] = [];
  const own: Pair[] = [];
  for (const pair of node.items) {
    if (!isPair(pair)) continue;
    const isMerge = isScalar(pair.key) && pair.key.source === '<<';
    if (!isMerge) own.push(pair);
    else for (const one of mergedIn(pair.value, source)) merged.push(...pairsOf(one, source, depth + 1));
  }
  return [...merged, ...own];
}

function mergedIn(value: unknown, source: Source): readonly (Node | null)[] {
  const node = isAlias(value) ? source.resolve(value) : value;
  const all: readonly unknown[] = isSeq(node) ? node.items : [node];
  return all.slice(0, MAX_MERGED).map((one) => {
    const resolved = isAlias(one) ? source.resolve(one) : one;
    return isNode(resolved) ? resolved : null;
  });
}
