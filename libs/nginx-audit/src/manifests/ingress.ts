import type { Place } from '../rule.js';
import type { KubeObject } from './kube-object.js';

/** The host that stands for all others: a rule without one. */
export const ANY_HOST = '_';

/** An Ingress with the hosts it speaks of. */
export interface Ingress {
  readonly object: KubeObject;
  /** Each once, in lower case; {@link ANY_HOST} for a rule without one. */
  readonly hosts: readonly { readonly name: string; readonly at: Place }[];
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
  const hosts = new Map(
    (spec?.get('rules')?.items() ?? []).map((rule) => {
      const host = rule.get('host');
      const name = (host?.text() ?? '').toLowerCase();
      return [name === '' ? ANY_HOST : name, host?.at ?? rule.at];
    }),
  );
  const tls = spec?.get('tls')?.items() ?? [];
  const named = tls.flatMap((entry) => entry.get('hosts')?.items() ?? []);
  return {
    object,
    hosts: [...hosts].map(([name, at]) => ({ name, at })),
    tlsHosts: new Set(named.map((host) => (host.text() ?? '').toLowerCase())),
    hasTls: tls.length > 0,
    className:
      spec?.get('ingressClassName')?.text() ??
      object.annotations.get('kubernetes.io/ingress.class')?.value ??
      null,
  };
}

/** True unless both say which controller serves them, and that is not the same one. */
export function mayShareController(one: Ingress, other: Ingress): boolean {
  return one.className === null || other.className === null || one.className === other.className;
}
