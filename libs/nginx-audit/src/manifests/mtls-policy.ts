import type { Place } from '../rule.js';
import { grouped } from './grouped.js';
import { ANY_HOST, type Ingress } from './ingress.js';
import { type KubeObject, mayBeIn } from './kube-object.js';
import type { ManifestNode } from './manifest-node.js';

/** A Policy of NGINX Ingress Controller that asks for client certificates. */
export interface MtlsPolicy {
  readonly object: KubeObject;
  readonly spec: ManifestNode;
  readonly verify: string;
  readonly depth: number;
  /** Null when it names none: the controller refuses the policy. */
  readonly secret: string | null;
  /** Where to look for a field, or else for the policy. */
  place(field: string): Place;
}

/** A place that refers to a policy, and what is known of it there. */
export interface Attachment {
  readonly policy: MtlsPolicy;
  readonly owner: KubeObject;
  readonly at: Place;
  /** `spec` is the only one where the controller takes such a policy. */
  readonly context: 'spec' | 'route' | 'minion';
  /** References of one list share it. */
  readonly list: object;
}

const API = 'k8s.nginx.org';

export function mtlsPolicyOf(object: KubeObject): MtlsPolicy | null {
  const spec = object.root.get('spec', 'ingressMTLS');
  if (object.kind !== 'Policy' || object.group !== API || spec === null) return null;
  const depth = spec.get('verifyDepth')?.written() ?? '1';
  const verify = spec.get('verifyClient')?.text() ?? '';
  return {
    ...{
      object,
      spec,
      verify: verify === '' ? 'on' : verify,
      depth: /^\d+$/.test(depth) ? Number(depth) : 1,
    },
    secret: spec.get('clientCertSecret')?.text() ?? null,
    place: (field) => spec.get(field)?.at ?? spec.at,
  };
}

/** A name and perhaps a namespace, as people refer to a policy. */
interface PolicyName {
  readonly name: string;
  readonly namespace: string | null;
  readonly at: Place;
}

/** Every reference to a policy of these that the objects make. */
export function attachmentsOf(
  objects: readonly KubeObject[],
  ingresses: readonly Ingress[],
  policies: readonly MtlsPolicy[],
): readonly Attachment[] {
  const byName = grouped(policies, ({ object }) => object.name);
  const attached = (
    owner: KubeObject,
    context: Attachment['context'],
    names: readonly PolicyName[],
  ): readonly Attachment[] => {
    const list = {};
    return names.flatMap(({ name, namespace, at }) => {
      const policy = byName.get(name)?.find(({ object }) => mayBeIn(object, namespace ?? owner.namespace));
      return policy === undefined ? [] : [{ policy, owner, at, context, list }];
    });
  };
  return [
    ...objects
      .filter(isVirtual)
      .flatMap((object) => [
        ...attached(object, 'spec', namesIn(object.root.get('spec', 'policies'))),
        ...['routes', 'subroutes']
          .flatMap((key) => object.root.get('spec', key)?.items() ?? [])
          .flatMap((route) => attached(object, 'route', namesIn(route.get('policies')))),
      ]),
    ...ingresses.flatMap(({ object }) => attached(object, contextOf(object), annotated(object))),
  ];
}

const isVirtual = ({ kind, group }: KubeObject) =>
  group === API && (kind === 'VirtualServer' || kind === 'VirtualServerRoute');

function namesIn(list: ManifestNode | null): readonly PolicyName[] {
  return (list?.items() ?? []).flatMap((item) => {
    const name = item.get('name')?.text() ?? '';
    return name === '' ? [] : [{ name, namespace: item.get('namespace')?.text() ?? null, at: item.at }];
  });
}

/** `nginx.org/policies: a, other/b`. */
function annotated({ annotations }: KubeObject): readonly PolicyName[] {
  return ['nginx.org/policies', 'nginx.com/policies'].flatMap((key) => {
    const annotation = annotations.get(key);
    const words = (annotation?.value ?? '').split(',').map((word) => word.trim());
    return words.flatMap((word) => {
      const [first = '', second] = word.split('/');
      const name = second ?? first;
      if (annotation === undefined || name === '') return [];
      return [{ name, namespace: second === undefined ? null : first, at: annotation.at }];
    });
  });
}

function contextOf({ annotations }: KubeObject): Attachment['context'] {
  return annotations.get('nginx.org/mergeable-ingress-type')?.value === 'minion' ? 'minion' : 'spec';
}

/** Hosts of an Ingress that the controller serves without TLS. */
export function hostsWithoutTls({ hosts, tlsHosts }: Ingress): readonly string[] {
  return hosts.map(({ name }) => name).filter((name) => name !== ANY_HOST && !tlsHosts.has(name));
}
