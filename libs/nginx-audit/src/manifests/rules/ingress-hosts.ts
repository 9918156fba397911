import type { Report, Rule } from '../../rule.js';
import type { AuthTls } from '../auth-tls.js';
import { ANY_HOST, mayShareController } from '../ingress.js';
import { mayBeIn, titleOf } from '../kube-object.js';
import type { ManifestView } from '../manifest-view.js';
import { CLIENT_CERTIFICATES, ingressDocs, SERVER_SOURCE, TEMPLATE_SOURCE } from '../references.js';

type ManifestRule = Rule<ManifestView>;

/** Ingresses of each host that name a CA, and those beside them that one controller may serve. */
function* sharedHosts({ hosts }: ManifestView) {
  for (const [host, all] of hosts) {
    const first = all.find(({ secret }) => secret !== null);
    if (first === undefined || all.length < 2) continue;
    const others = all.filter((one) => !isSame(one, first) && mayShareController(one.ingress, first.ingress));
    yield { host, first, others };
  }
}

/** One Ingress, perhaps as two environments have it. */
function isSame({ object: one }: AuthTls, { object: other }: AuthTls): boolean {
  return one.name === other.name && mayBeIn(one, other.namespace);
}

const hostConflict: ManifestRule = {
  id: 'ingress-host-conflict',
  title: 'Two Ingresses of a host contradict each other',
  severity: 'error',
  does: 'Client certificates are a matter of the host, not of the path. ingress-nginx takes all auth-tls settings of the oldest Ingress of a host that names a CA, and leaves those of the others out. An error of any of them (a Secret that is not there) answers 403 for the whole host.',
  matters:
    'Which CA and which verify-client hold depends on when an Ingress was made; one that is deleted and made anew changes it.',
  remedy: 'Give all Ingresses of a host the same auth-tls annotations, or a host of its own to what differs.',
  references: [CLIENT_CERTIFICATES, SERVER_SOURCE],
  *check(view) {
    for (const { host, first, others } of sharedHosts(view)) {
      for (const one of others) {
        if (one.secret === null || one.settings === first.settings) continue;
        yield {
          at: one.secret.at,
          message: `${host} gets the auth-tls settings of this Ingress or of ${titleOf(first.object)}, whichever is older, and they differ`,
          related: [first.place('auth-tls-secret')],
        };
      }
    }
  },
};

const hostShared: ManifestRule = {
  id: 'ingress-host-shared',
  title: 'Another Ingress asks for certificates on this host',
  severity: 'note',
  does: 'The auth-tls settings of one Ingress hold for every path of its host, those of other Ingresses too.',
  matters:
    'Clients of these paths need certificates although nothing here says so; and when the other Ingress goes, these paths are open.',
  remedy: 'Give both the same auth-tls annotations.',
  references: [CLIENT_CERTIFICATES, SERVER_SOURCE],
  *check(view) {
    for (const { host, first, others } of sharedHosts(view)) {
      for (const one of others.filter(({ secret }) => secret === null)) {
        // A canary is not served by itself: it goes when the other Ingress does.
        if (one.get('canary')?.value?.trim() === 'true') continue;
        const message = `${host} verifies clients because of ${titleOf(first.object)} alone`;
        yield { at: placeOfHost(one, host), message, related: [first.place('auth-tls-secret')] };
      }
    }
  },
};

const placeOfHost = ({ ingress, object }: AuthTls, host: string) =>
  ingress.hosts.find(({ name }) => name === host)?.at ?? object.at;

const wildcardHole: ManifestRule = {
  id: 'ingress-wildcard-hole',
  title: 'A host below a wildcard that verifies does not',
  severity: 'warning',
  does: 'A host that an Ingress names has a server of its own; the settings of the wildcard do not hold there.',
  matters: 'Whoever counts on the wildcard asking every client for a certificate leaves this host open.',
  remedy:
    'Give this host the same auth-tls annotations, or accept the finding with the reason why it is public.',
  references: [
    SERVER_SOURCE,
    { title: 'nginx: server names', url: 'https://nginx.org/en/docs/http/server_names.html' },
  ],
  *check(view) {
    for (const [host, all] of view.hosts) {
      if (host.startsWith('*.') || view.verifiedHosts.has(host)) continue;
      const wildcard = host.replace(/^[^.]+/, '*');
      if (!view.verifiedHosts.has(wildcard)) continue;
      const around = view.hosts.get(wildcard) ?? [];
      const verifying = around.find(({ secret, verify }) => secret !== null && verify !== 'off');
      const [first] = all;
      if (verifying === undefined || first === undefined) continue;
      if (!mayShareController(first.ingress, verifying.ingress)) continue;
      yield {
        at: placeOfHost(first, host),
        message: `${host} asks nobody for a certificate, although ${titleOf(verifying.object)} does for the wildcard around it`,
        related: [verifying.place('auth-tls-secret')],
      };
    }
  },
};

const anyHost: ManifestRule = {
  id: 'ingress-any-host',
  title: 'Verification is set for an Ingress without a host',
  severity: 'note',
  does: 'A rule without a host is the catch-all server: it answers only what no other host does. Its auth-tls settings hold for no other host.',
  matters: 'Every host that another Ingress names is open all the same.',
  remedy: 'Name the hosts, each with the auth-tls annotations.',
  references: [SERVER_SOURCE, CLIENT_CERTIFICATES],
  *check({ hosts }) {
    for (const one of hosts.get(ANY_HOST) ?? []) {
      if (one.secret === null) continue;
      const message =
        'the auth-tls annotations hold for requests to hosts that no Ingress names, and for no other';
      yield { at: one.secret.at, message };
    }
  },
};

const defaultBackend: ManifestRule = {
  id: 'ingress-default-backend',
  title: 'Verification is set for what the default backend serves',
  severity: 'error',
  does: 'ingress-nginx takes the auth-tls settings of rules with http. An Ingress with a defaultBackend and no rule, and a rule with a host and no http, are served by the default backend without them.',
  matters: 'Everybody gets in there while the Ingress looks as if it verified.',
  remedy: 'Write a rule with the host and http paths, path: / for all of them.',
  references: [SERVER_SOURCE, CLIENT_CERTIFICATES],
  *check({ authTls, verifiedHosts }) {
    for (const { secret, verify, ingress } of authTls) {
      if (secret === null || verify === 'off') continue;
      if (ingress.hosts.length === 0) {
        yield { at: secret.at, message: 'without a rule the default backend asks nobody for a certificate' };
      }
      for (const { name, at, hasHttp } of ingress.hosts) {
        if (hasHttp || name === ANY_HOST || verifiedHosts.has(name)) continue;
        yield {
          at,
          message: `${name} has no http: the default backend serves it and asks nobody for a certificate`,
        };
      }
    }
  },
};

const plainHttp: ManifestRule = {
  id: 'ingress-plain-http',
  title: 'The host that verifies clients is also served without TLS',
  severity: 'error',
  does: 'ingress-nginx serves every host on port 80 and 443. On port 80 there is no certificate to ask for, and nginx does not refuse. Only a redirect keeps clients away: the default for a host of spec.tls, unless ssl-redirect is false. auth-tls-match-cn refuses too, since a plain request has no name.',
  matters: 'Whoever says http:// needs no certificate at all.',
  remedy: 'List the host in spec.tls and leave ssl-redirect alone, or set force-ssl-redirect to "true".',
  references: [
    ingressDocs('server-side-https-enforcement-through-redirect', 'HTTPS by redirect'),
    { title: 'ingress-nginx: TLS', url: 'https://kubernetes.github.io/ingress-nginx/user-guide/tls/' },
    TEMPLATE_SOURCE,
  ],
  *check({ hosts }) {
    for (const [host, all] of hosts) {
      const first = all.find(({ secret }) => secret !== null);
      if (first === undefined || first.verify === 'off' || first.matchCn !== null) continue;
      const hasTls = all.some(({ ingress }) => ingress.tlsHosts.has(host));
      const mayHaveTls = all.some(({ ingress }) => ingress.hasTls);
      for (const one of all) yield* plainReports(one, host, hasTls, mayHaveTls);
    }
  },
};

function* plainReports(one: AuthTls, host: string, hasTls: boolean, mayHaveTls: boolean): Iterable<Report> {
  if (one.get('force-ssl-redirect')?.value?.trim() === 'true') return;
  const off = one.get('ssl-redirect');
  if (off?.value?.trim() === 'false') {
    yield { at: off.at, message: `${host} answers on port 80, where nobody is asked for a certificate` };
  } else if (!hasTls) {
    const message = `${host} is not in spec.tls, so port 80 answers it and asks nobody for a certificate`;
    // The certificate of another entry may cover it; the manifest does not show.
    yield { at: placeOfHost(one, host), message, severity: mayHaveTls ? 'warning' : 'error' };
  }
}

export const INGRESS_HOST_RULES: readonly ManifestRule[] = [
  ...[hostConflict, hostShared, wildcardHole, anyHost, defaultBackend, plainHttp],
];
