import type { ConfigView } from '../config-view.js';
import { isFrom } from '../nginx-version.js';
import { type Report, type Rule, rfc, sslDocs } from '../rule.js';
import type { TrustProblem } from '../trust-files.js';

/** What the linter said of each CRL file beside the bundles of its server. */
function* crlReports(view: ConfigView, isMine: (problem: TrustProblem) => boolean): Iterable<Report> {
  for (const server of view.servers.filter(({ asks }) => asks)) {
    const [at, path] = [server.one('ssl_crl'), server.path('ssl_crl')];
    if (at === null || path === null) continue;
    const bundles = ['ssl_client_certificate', 'ssl_trusted_certificate'].flatMap(
      (name) => server.path(name) ?? [],
    );
    for (const problem of view.trustFiles.crlProblems(path, bundles) ?? []) {
      if (!isMine(problem)) continue;
      const message = `${path}: ${problem.message}; ${problem.nextStep}`;
      yield { at, message, severity: problem.severity };
    }
  }
}

const crlCoverage: Rule = {
  id: 'crl-coverage',
  title: 'A CA of the bundle has no CRL',
  severity: 'error',
  does: 'Once ssl_crl is set, nginx wants a CRL of every CA in a chain, the root included.',
  matters: 'All clients of a CA without one are answered 400 (unable to get certificate CRL).',
  remedy: 'Put the current CRL of every CA into the file, or take ssl_crl out.',
  references: [sslDocs('ssl_crl'), rfc(5280, '6.3')],
  check: (view) => crlReports(view, ({ code }) => code === 'crl.missing' || code === 'crl.none'),
};

const crlCertificate: Rule = {
  id: 'crl-certificate',
  title: 'A certificate stands in the CRL file',
  severity: 'error',
  does: 'Before 1.27.2 nginx loads ssl_crl by the call that loads trust: a CA certificate in it is trusted for clients (measured on 1.22.1 and 1.26.3). Since then only CRLs count there.',
  matters: 'The clients of a CA that is in no bundle get in.',
  remedy: 'Take the certificate out of the CRL file.',
  references: [
    sslDocs('ssl_crl'),
    { title: 'nginx 1.27.2: caching of certificates and CRLs', url: 'https://nginx.org/en/CHANGES' },
  ],
  *check(view) {
    const isHarmless = view.version !== null && isFrom(view.version, '1.27.2');
    for (const report of crlReports(view, ({ code }) => code === 'crl.certificate')) {
      yield isHarmless ? { ...report, severity: 'warning' } : report;
    }
  },
};

const ELSEWHERE = ['crl.missing', 'crl.none', 'crl.certificate'];

const crlUnsound: Rule = {
  id: 'crl-unsound',
  title: 'A CRL is stale, ends soon, or cannot be read',
  severity: 'error',
  does: 'A CRL past its nextUpdate refuses every client of its CA, those in good standing included.',
  matters: 'A job that stops fetching CRLs locks everybody out, at an hour that is written in the file.',
  remedy: 'Fetch the current one, and watch nextUpdate.',
  references: [sslDocs('ssl_crl'), rfc(5280, '5.1.2.5')],
  check: (view) => crlReports(view, ({ code }) => !ELSEWHERE.includes(code)),
};

export const REVOCATION_RULES: readonly Rule[] = [crlCoverage, crlCertificate, crlUnsound];
