import type { ConfigView } from '../config-view.js';
import { setInServer, without } from '../edits.js';
import type { EffectiveServer } from '../effective-server.js';
import { isFrom } from '../nginx-version.js';
import { type Report, type Rule, rfc, sslDocs } from '../rule.js';
import { intermediatesIn, type TrustCertificate, type TrustProblem } from '../trust-files.js';
import { verifyPlace } from './verification.js';

/** A root, two intermediates and the client: what most PKIs have at most, and what costs nothing where they have less. */
const USUAL_DEPTH = 3;

const asking = ({ servers }: ConfigView) => servers.filter(({ asks }) => asks);

const bundleMissing: Rule = {
  id: 'bundle-missing',
  title: 'Verification is on and no bundle is named',
  severity: 'error',
  does: 'Without ssl_client_certificate there is no CA that could have signed a client. nginx refuses to load such a configuration, except with optional_no_ca. Measured: 1.28.3 takes ssl_trusted_certificate in its place, 1.22.1 and 1.26.3 do not.',
  matters: 'A reload keeps the old configuration, and a restart leaves nginx down.',
  remedy: 'Name the file with the CA certificates of your clients in ssl_client_certificate.',
  references: [sslDocs('ssl_client_certificate'), sslDocs('ssl_verify_client')],
  *check(view) {
    for (const server of asking(view)) {
      if (server.path('ssl_client_certificate') !== null || server.verify === 'optional_no_ca') continue;
      const hasOther = server.path('ssl_trusted_certificate') !== null;
      if (hasOther && view.version !== null && isFrom(view.version, '1.28.0')) continue;
      yield {
        at: verifyPlace(server),
        message: `${server.title} has ssl_verify_client ${server.verify} and no ssl_client_certificate, neither of its own nor inherited`,
        severity: hasOther && view.version === null ? 'warning' : 'error',
      };
    }
  },
};

/** Rules that say what the linter of certificates found, each about its own codes. */
function* bundleReports(view: ConfigView, isMine: (problem: TrustProblem) => boolean): Iterable<Report> {
  const seen = new Set<string>();
  for (const server of asking(view)) {
    const path = server.path('ssl_client_certificate');
    const at = server.one('ssl_client_certificate');
    if (path === null || at === null || seen.has(path)) continue;
    seen.add(path);
    for (const problem of view.trustFiles.bundle(path)?.problems ?? []) {
      if (!isMine(problem)) continue;
      const message = `${path}: ${problem.message}; ${problem.nextStep}`;
      yield { at, message, severity: problem.severity };
    }
  }
}

const LEAF_CODES = ['anchor.leaf'];
const INCOMPLETE_CODES = ['anchor.no-root'];

const bundleLeaf: Rule = {
  id: 'bundle-leaf',
  title: 'The bundle holds a leaf in place of a CA',
  severity: 'error',
  does: 'nginx looks in ssl_client_certificate for CAs. A server or client certificate in it signs nobody; a self-signed one lets exactly its own key in.',
  matters: 'nginx -t passes, and every client is answered 400.',
  remedy: 'Put the certificate of the CA there that signs the clients, and its root.',
  references: [sslDocs('ssl_client_certificate'), rfc(5280, '4.2.1.9')],
  check: (view) => bundleReports(view, ({ code }) => LEAF_CODES.includes(code)),
};

const bundleIncomplete: Rule = {
  id: 'bundle-incomplete',
  title: 'The bundle lacks the root above an issuing CA',
  severity: 'error',
  does: 'OpenSSL, as nginx calls it, takes no partial chains: it goes on from the issuing CA until it meets a self-signed certificate that it trusts.',
  matters: 'nginx -t passes, and all clients of that CA are answered 400 (unable to get issuer certificate).',
  remedy: 'Put the root, and every CA between, into the bundle as well.',
  references: [sslDocs('ssl_client_certificate'), rfc(5280, '6.1')],
  *check(view) {
    for (const report of bundleReports(view, ({ code }) => INCOMPLETE_CODES.includes(code))) {
      const server = asking(view).find((one) => one.one('ssl_client_certificate') === report.at);
      // The root may stand in the other file that nginx loads.
      if (server !== undefined && server.path('ssl_trusted_certificate') !== null) continue;
      yield report;
    }
  },
};

const bundleUnsound: Rule = {
  id: 'bundle-unsound',
  title: 'The bundle has something else wrong with it',
  severity: 'error',
  does: 'nginx loads what it can read of the bundle: expired CAs, CAs without keyCertSign, weak keys and broken blocks too.',
  matters: 'A CA that may not sign, or that has ended, lets none of its clients in.',
  remedy: 'Do what the finding says; windlass preflight tries the bundle against your clients.',
  references: [sslDocs('ssl_client_certificate'), rfc(5280, '4.2.1.3')],
  check: (view) => bundleReports(view, ({ code }) => ![...LEAF_CODES, ...INCOMPLETE_CODES].includes(code)),
};

const bundleReplaced: Rule = {
  id: 'bundle-replaced',
  title: "A server's bundle replaces the one around it",
  severity: 'note',
  does: 'ssl_client_certificate in a server replaces the one of http; nothing is added.',
  matters: 'A CA that is put into, or taken out of, the outer file changes nothing for this server.',
  remedy: 'Keep one file for all, or rotate both.',
  references: [sslDocs('ssl_client_certificate')],
  *check(view) {
    for (const server of asking(view)) {
      const own = server.own.first('ssl_client_certificate');
      const outer = server.outer.first('ssl_client_certificate');
      if (own === null || outer === null || own.args[0] === outer.args[0]) continue;
      yield {
        at: own,
        message: `${server.title} trusts ${own.args[0]} only: ${outer.args[0]} of the context around it is not added`,
        related: [outer],
      };
    }
  },
};

const depthTooSmall: Rule = {
  id: 'depth-too-small',
  title: 'ssl_verify_depth is below the real chain',
  severity: 'error',
  does: 'ssl_verify_depth, 1 unless set, is the number of intermediates that a chain may have. It is counted whether the intermediates are in the bundle or sent by the client.',
  matters:
    'A longer chain is answered 400, although every certificate of it is trusted: the error log says that an issuer cannot be found.',
  remedy: 'Set ssl_verify_depth to the number of CAs below the root; a larger one lets nobody else in.',
  references: [sslDocs('ssl_verify_depth'), rfc(5280, '6.1')],
  *check(view) {
    for (const server of asking(view)) {
      const needed = neededDepth(view, server);
      if (needed === null || server.depth >= needed) continue;
      yield {
        at: server.one('ssl_verify_depth') ?? verifyPlace(server),
        message: `${server.title} verifies chains with up to ${server.depth} intermediates, and its clients have ${needed}: they are refused`,
        fix: deeper(view, server, needed),
      };
    }
  },
};

const depthDefault: Rule = {
  id: 'depth-default',
  title: 'ssl_verify_depth leaves no room for a second intermediate',
  severity: 'warning',
  does: 'ssl_verify_depth is 1 unless set: a root, one intermediate, and the client.',
  matters:
    'Vault, EJBCA and the private CAs of clouds usually sign with a CA below an intermediate; after such a change all clients are refused. The depth lets nobody in, it only keeps long chains out.',
  remedy: 'Set ssl_verify_depth 3.',
  references: [sslDocs('ssl_verify_depth')],
  *check(view) {
    for (const server of asking(view)) {
      if (server.depth >= 2 || neededDepth(view, server) !== null) continue;
      yield {
        at: server.one('ssl_verify_depth') ?? verifyPlace(server),
        message: `${server.title} verifies chains with up to ${server.depth} intermediates: clients of a CA below a second one are refused`,
        fix: deeper(view, server, USUAL_DEPTH),
      };
    }
  },
};

/** What somebody said, or what the certificates at hand show; null when neither. */
function neededDepth(view: ConfigView, server: EffectiveServer): number | null {
  if (view.clientDepth !== null) return view.clientDepth;
  const certificates = trusted(view, server);
  return certificates === null ? null : intermediatesIn(certificates);
}

/** All that nginx would load to verify a client; null when a file is not at hand. */
function trusted(view: ConfigView, server: EffectiveServer): readonly TrustCertificate[] | null {
  const paths = ['ssl_client_certificate', 'ssl_trusted_certificate'].flatMap(
    (name) => server.path(name) ?? [],
  );
  const bundles = paths.map((path) => view.trustFiles.bundle(path));
  if (bundles.length === 0 || bundles.includes(null)) return null;
  return bundles.flatMap((bundle) => bundle?.certificates ?? []);
}

function deeper(view: ConfigView, server: EffectiveServer, depth: number) {
  return {
    title: `Set ssl_verify_depth ${depth}`,
    edits: [setInServer(view, server, 'ssl_verify_depth', String(depth))],
  };
}

const trustedFileWidens: Rule = {
  id: 'trusted-file-widens',
  title: 'ssl_trusted_certificate lets more clients in',
  severity: 'warning',
  does: 'nginx verifies clients with every CA in ssl_trusted_certificate too; the only difference is that their names are not sent to the client.',
  matters:
    'A public root that was put there for stapling lets in everybody who buys a certificate with clientAuth below it; a CA that left the bundle stays trusted there.',
  remedy:
    'Leave ssl_trusted_certificate out. Stapling needs none when ssl_certificate holds the full chain: nginx takes the issuer from there, and trusts it for the answer of its OCSP responder.',
  references: [sslDocs('ssl_trusted_certificate'), sslDocs('ssl_stapling_verify')],
  *check(view) {
    for (const server of asking(view)) {
      const [at, path] = [server.one('ssl_trusted_certificate'), server.path('ssl_trusted_certificate')];
      const bundlePath = server.path('ssl_client_certificate');
      if (at === null || path === null || path === bundlePath || bundlePath === null) continue;
      const [bundle, more] = [view.trustFiles.bundle(bundlePath), view.trustFiles.bundle(path)];
      const known = new Set(bundle?.certificates.map(({ fingerprint }) => fingerprint));
      const added = more?.certificates.filter(({ isCa, fingerprint }) => isCa && !known.has(fingerprint));
      if (bundle !== null && added?.length === 0) continue;
      const isWhole = bundle?.problems.every(({ severity }) => severity !== 'error') ?? false;
      yield {
        at,
        message: widening(server, path, bundle === null ? undefined : added),
        severity: bundle !== null && added !== undefined && isWhole ? 'error' : 'warning',
        // Without the files nobody knows whether the root of the bundle's CAs stands there.
        fix: isWhole && more !== null ? { title: 'Leave it out', edits: [without(view, at)] } : null,
      };
    }
  },
};

function widening(
  { title }: EffectiveServer,
  path: string,
  added: readonly TrustCertificate[] | undefined,
): string {
  if (added === undefined) return `${title} also trusts the clients of every CA in ${path}`;
  const names = added.slice(0, 3).map(({ subject }) => subject);
  const others = added.length > names.length ? ` and ${added.length - names.length} more` : '';
  return `${title} also trusts the clients of ${names.join('; ')}${others}, from ${path}`;
}

export const BUNDLE_RULES: readonly Rule[] = [
  ...[bundleMissing, bundleLeaf, bundleIncomplete, bundleUnsound, bundleReplaced],
  ...[depthTooSmall, depthDefault, trustedFileWidens],
];
