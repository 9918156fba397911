import type { Place } from '../rule.js';
import type { ManifestNode } from './manifest-node.js';

/** An annotation with its place. */
export interface Annotation {
  readonly name: string;
  /** Null when it is no string: the API server refuses the object. */
  readonly value: string | null;
  readonly at: Place;
}

/** One object of a manifest, as far as every rule looks at it. */
export interface KubeObject {
  readonly kind: string;
  /** Group of its API, such as `networking.k8s.io`; empty for the core. */
  readonly group: string;
  readonly name: string;
  /** Null when the manifest leaves it to whoever applies it. */
  readonly namespace: string | null;
  readonly root: ManifestNode;
  /** Where it can be found: its name, or where it begins. */
  readonly at: Place;
  /** The last of each name counts. */
  readonly annotations: ReadonlyMap<string, Annotation>;
}

/** Lists in lists that are opened. */
const MAX_LISTS = 5;

/** The objects of a document: one, or those of a List; none when it has no kind. */
export function objectsIn(root: ManifestNode, depth = 0): readonly KubeObject[] {
  const kind = root.get('kind')?.text() ?? '';
  if (kind.endsWith('List') && depth < MAX_LISTS) {
    return (root.get('items')?.items() ?? []).flatMap((item) => objectsIn(item, depth + 1));
  }
  if (kind === '') return [];
  const [group = '', version] = (root.get('apiVersion')?.text() ?? '').split('/');
  const metadata = root.get('metadata');
  const name = metadata?.get('name') ?? null;
  return [
    {
      ...{ kind, group: version === undefined ? '' : group, root, at: name?.at ?? root.at },
      ...{ name: name?.written() ?? '', namespace: metadata?.get('namespace')?.text() ?? null },
      annotations: annotationsIn(metadata?.get('annotations') ?? null),
    },
  ];
}

function annotationsIn(node: ManifestNode | null): ReadonlyMap<string, Annotation> {
  return new Map(
    (node?.entries() ?? []).map(([name, value]) => [name, { name, value: value.text(), at: value.at }]),
  );
}

/** Such as `Ingress shop/pay`. */
export function titleOf({ kind, namespace, name }: KubeObject): string {
  return `${kind} ${namespace === null ? '' : `${namespace}/`}${name}`;
}

/** True unless both say where they are, and that is not the same place. */
export function mayBeIn(object: Pick<KubeObject, 'namespace'>, namespace: string | null): boolean {
  return object.namespace === null || namespace === null || object.namespace === namespace;
}
