import type { Place } from '../rule.js';
import { grouped } from './grouped.js';
import type { KubeObject } from './kube-object.js';
import type { ManifestNode } from './manifest-node.js';

/** The host that stands for all others: a rule without one. */
export const ANY_HOST = '_';

export interface IngressHost {
  /** In lower case; {@link ANY_HOST} for a rule without one. */
  readonly name: string;
  readonly at: Place;
  /** A rule of it has `http`; otherwise the default backend serves it. */
  readonly hasHttp: boolean;
}

/** An Ingress with the hosts it speaks of. */
export interface Ingress {
  readonly object: KubeObject;
  /** Each once. */
  readonly hosts: readonly IngressHost[];
  /** Hosts of `spec.tls`. */
  readonly tlsHosts: ReadonlySet<string>;
  /** There is an entry of `spec.tls`, whatever its hosts. */
  readonly hasTls: boolean;
  /** Null when it is left to the cluster's default. */
  readonly className: string | null;
}

/** Null for what is no Ingress of Kubernetes. */
export function ingressOf(object: KubeObject): Ingress | null {
  if (object.kind !== 'Ingress' || !/^(networking\.k8s\.io|extensions)$/.test(object.group)) return null;
  const spec = object.root.get('spec');
  const tls = spec?.get('tls')?.items() ?? [];
  const named = tls.flatMap((entry) => entry.get('hosts')?.items() ?? []);
  return {
    object,
    hosts: hostsIn(spec?.get('rules')?.items() ?? []),
    tlsHosts: new Set(named.map((host) => (host.text() ?? '').toLowerCase())),
    hasTls: tls.length > 0,
    className:
      spec?.get('ingressClassName')?.text() ??
      object.annotations.get('kubernetes.io/ingress.class')?.value ??
      null,
  };
}

function hostsIn(rules: readonly ManifestNode[]): readonly IngressHost[] {
  const hosts = rules.map((rule) => {
    const host = rule.get('host');
    const name = (host?.text() ?? '').toLowerCase();
    const hasHttp = rule.get('http') !== null;
    return { name: name === '' ? ANY_HOST : name, at: host?.at ?? rule.at, hasHttp };
  });
  return [...grouped(hosts, ({ name }) => name).values()].flatMap((same) => {
    const [first] = same;
    return first === undefined ? [] : [{ ...first, hasHttp: same.some(({ hasHttp }) => hasHttp) }];
  });
}

/** True unless both say which controller serves them, and that is not the same one. */
export function mayShareController(one: Ingress, other: Ingress): boolean {
  return one.className === null || other.className === null || one.className === other.className;
}
