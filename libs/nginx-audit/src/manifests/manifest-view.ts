import { type AuthTls, authTlsOf } from './auth-tls.js';
import { type Gateway, gatewayOf } from './gateway.js';
import { grouped } from './grouped.js';
import { ANY_HOST, type Ingress, ingressOf } from './ingress.js';
import { type Attachment, attachmentsOf, type MtlsPolicy, mtlsPolicyOf } from './mtls-policy.js';
import type { ReadManifests } from './read-manifests.js';
import { type TrustLinter, TrustSources } from './trust-sources.js';
import { type TrustUse, trustUses } from './trust-uses.js';

/** Manifests as the rules see them. */
export interface ManifestView extends Omit<ReadManifests, 'files'> {
  readonly ingresses: readonly Ingress[];
  /** Every Ingress as ingress-nginx would read it, one without its annotations too. */
  readonly authTls: readonly AuthTls[];
  /** The same by host: what ingress-nginx puts into one server. */
  readonly hosts: ReadonlyMap<string, readonly AuthTls[]>;
  /** Hosts that an Ingress names a CA for, itself or for others of its host. */
  readonly verifiedHosts: ReadonlySet<string>;
  readonly policies: readonly MtlsPolicy[];
  readonly attachments: readonly Attachment[];
  readonly gateways: readonly Gateway[];
  readonly trust: TrustSources;
  readonly uses: readonly TrustUse[];
}

export function manifestView(read: ReadManifests, linter: TrustLinter | null): ManifestView {
  const { objects, problems, suppressions } = read;
  const ingresses = objects.flatMap((object) => ingressOf(object) ?? []);
  const authTls = ingresses.map(authTlsOf);
  const gateways = objects.flatMap((object) => gatewayOf(object) ?? []);
  const trust = new TrustSources(objects, linter);
  const policies = objects.flatMap((object) => mtlsPolicyOf(object) ?? []);
  return {
    ...{ objects, problems, suppressions, ingresses, authTls, policies },
    ...{ hosts: byHost(authTls), verifiedHosts: verifiedHosts(authTls) },
    attachments: attachmentsOf(objects, ingresses, policies),
    ...{ gateways, trust, uses: trustUses(authTls, policies, gateways, trust) },
  };
}

function verifiedHosts(all: readonly AuthTls[]): ReadonlySet<string> {
  const verifying = all.filter(({ secret }) => secret !== null);
  const hosts = verifying.flatMap(({ ingress }) => ingress.hosts);
  return new Set(hosts.filter((host) => host.hasHttp || host.name === ANY_HOST).map(({ name }) => name));
}

function byHost(all: readonly AuthTls[]): ReadonlyMap<string, readonly AuthTls[]> {
  const pairs = all.flatMap((one) => one.ingress.hosts.map(({ name }) => ({ name, one })));
  return new Map(
    [...grouped(pairs, ({ name }) => name)].map(([name, group]) => [name, group.map(({ one }) => one)]),
  );
}
