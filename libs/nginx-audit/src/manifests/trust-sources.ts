import type { TrustBundle, TrustFiles, TrustProblem } from '../trust-files.js';
import { grouped } from './grouped.js';
import { type KubeObject, mayBeIn } from './kube-object.js';
import type { ManifestNode } from './manifest-node.js';

/** Makes a linter of files out of what gives their text: rules know neither certificates nor the clock. */
export type TrustLinter = (text: (file: string) => string | null) => TrustFiles;

/** A Secret or ConfigMap that somebody names, with what it has to say about client certificates. */
export interface TrustSource {
  readonly object: KubeObject;
  /** PEM of `ca.crt`; null when there is no such key, or it cannot be read. */
  readonly bundle: string | null;
  readonly crl: string | null;
  /** The places of the two keys, where they are there. */
  readonly bundleNode: ManifestNode | null;
  readonly crlNode: ManifestNode | null;
  /** Its keys, readable or not. */
  readonly keys: ReadonlySet<string>;
  /** `type` of a Secret. */
  readonly type: string | null;
  /** Keys whose value is no base64, or no string. */
  readonly broken: readonly ManifestNode[];
  lintedBundle(): TrustBundle | null;
  /** What speaks against the CRL beside the bundle; empty without one. */
  crlProblems(): readonly TrustProblem[];
}

/** The Secrets and ConfigMaps of a scan. */
export class TrustSources {
  readonly #sources: readonly TrustSource[];
  readonly #byName: ReadonlyMap<string, readonly TrustSource[]>;

  constructor(objects: readonly KubeObject[], linter: TrustLinter | null) {
    this.#sources = objects
      .filter(({ kind, group }) => group === '' && (kind === 'Secret' || kind === 'ConfigMap'))
      .map((object) => sourceOf(object, linter));
    this.#byName = grouped(this.#sources, ({ object }) => object.name);
  }

  all(): readonly TrustSource[] {
    return this.#sources;
  }

  /** Null when it is not in the manifests at hand. */
  find(kind: 'Secret' | 'ConfigMap', namespace: string | null, name: string): TrustSource | null {
    const named = this.#byName.get(name) ?? [];
    return named.find(({ object }) => object.kind === kind && mayBeIn(object, namespace)) ?? null;
  }
}

function sourceOf(object: KubeObject, linter: TrustLinter | null): TrustSource {
  const values = valuesOf(object);
  const bundle = values.get('ca.crt') ?? null;
  const crl = values.get('ca.crl') ?? null;
  const texts = new Map([
    ['ca.crt', bundle?.text ?? null],
    ['ca.crl', crl?.text ?? null],
  ]);
  const files = linter?.((file) => texts.get(file) ?? null) ?? null;
  return {
    ...{ object, bundle: bundle?.text ?? null, crl: crl?.text ?? null },
    ...{ bundleNode: bundle?.node ?? null, crlNode: crl?.node ?? null },
    keys: new Set(values.keys()),
    type: object.root.get('type')?.text() ?? null,
    broken: [bundle, crl].flatMap((one) => (one !== null && one.text === null ? [one.node] : [])),
    lintedBundle: () => files?.bundle('ca.crt') ?? null,
    crlProblems: () => (crl === null ? [] : (files?.crlProblems('ca.crl', ['ca.crt']) ?? [])),
  };
}

interface Value {
  readonly node: ManifestNode;
  readonly text: string | null;
}

/** `stringData` of a Secret takes precedence over its `data`, which is base64; both of a ConfigMap are text. */
function valuesOf({ kind, root }: KubeObject): ReadonlyMap<string, Value> {
  const read = (key: string, text: (value: string) => string | null): (readonly [string, Value])[] =>
    (root.get(key)?.entries() ?? []).map(([name, node]) => {
      const value = node.text();
      return [name, { node, text: value === null ? null : text(value) }];
    });
  const plain = (value: string) => value;
  if (kind === 'ConfigMap') return new Map([...read('data', plain), ...read('binaryData', fromBase64)]);
  return new Map([...read('data', fromBase64), ...read('stringData', plain)]);
}

/** Bytes as characters: PEM is ASCII, and what is not ASCII in it is a comment. */
function fromBase64(value: string): string | null {
  try {
    return atob(value.replace(/\s/g, ''));
  } catch {
    return null;
  }
}
