import type { ConfigView } from '../config-view.js';
import { handoversOf } from '../identity-headers.js';
import { isFrom, type NginxVersion } from '../nginx-version.js';
import type { Rule } from '../rule.js';

const ADVISORIES = {
  title: 'nginx security advisories',
  url: 'https://nginx.org/en/security_advisories.html',
};

/** One row of nginx's list of advisories that has to do with client certificates, and when it does. */
export interface Advisory {
  readonly cve: string;
  readonly title: string;
  /** First version that has it. */
  readonly since: string;
  /** Versions that have it no more, the mainline first; a stable one counts for its own line. */
  readonly fixed: readonly string[];
  /** Why it has to do with client certificates. */
  readonly because: string;
  readonly concerns: (view: ConfigView) => boolean;
}

const verifies = ({ servers }: ConfigView) => servers.some(({ asks }) => asks);
const asksOcsp = ({ servers }: ConfigView, protocol?: 'stream') =>
  servers.some(
    (one) =>
      one.asks &&
      (protocol === undefined || one.protocol === protocol) &&
      ['on', 'leaf'].includes(one.value('ssl_ocsp') ?? 'off'),
  );

/** The one that servers on a shared socket meet. */
export const SESSION_REUSE: Advisory = {
  cve: 'CVE-2025-23419',
  title: 'SSL session reuse',
  ...{ since: '1.11.4', fixed: ['1.27.4', '1.26.3'] },
  because: 'a TLS 1.3 session of one server on a socket is resumed at another, without its verification',
  concerns: verifies,
};

/** As nginx's list had them when 1.31.3 was the newest version on it. */
export const ADVISORIES_ON_CLIENTS: readonly Advisory[] = [
  SESSION_REUSE,
  {
    cve: 'CVE-2014-3616',
    title: 'SSL session reuse',
    ...{ since: '0.5.6', fixed: ['1.7.5', '1.6.2'] },
    because: 'a session of one server is resumed at another when both share a cache or a ticket key',
    concerns: verifies,
  },
  {
    cve: 'CVE-2026-28755',
    title: 'OCSP result bypass in stream',
    ...{ since: '1.27.2', fixed: ['1.29.7', '1.28.3'] },
    because: 'stream with ssl_ocsp takes client certificates that OCSP says are revoked',
    concerns: (view) => asksOcsp(view, 'stream'),
  },
  {
    cve: 'CVE-2026-40701',
    title: 'Use after free in OCSP requests',
    ...{ since: '1.19.0', fixed: ['1.31.0', '1.30.1'] },
    because: 'anybody who sends a client certificate to a server with ssl_ocsp may crash a worker',
    concerns: (view) => asksOcsp(view),
  },
  {
    cve: 'CVE-2026-42533',
    title: 'Buffer overflow with map and expressions',
    ...{ since: '0.9.6', fixed: ['1.31.3', '1.30.4'] },
    because: 'maps with expressions on $ssl_client_s_dn run over what a client wrote into its certificate',
    concerns: ({ servers }) =>
      [...new Set(servers.map(({ outer }) => outer))].some((outer) =>
        outer
          .blocks('map')
          .some(
            ({ args, block }) =>
              (args[0] ?? '').includes('$ssl_client_') &&
              (block ?? []).some(({ name }) => name.startsWith('~')),
          ),
      ),
  },
  {
    cve: 'CVE-2021-23017',
    title: 'Memory overwrite in the resolver',
    ...{ since: '0.6.18', fixed: ['1.21.0', '1.20.1'] },
    because:
      'stapling and ssl_ocsp ask a resolver: who can answer in its place may crash or take over a worker',
    concerns: ({ servers }) =>
      servers.some(
        (one) =>
          one.one('resolver') !== null &&
          (one.value('ssl_stapling') === 'on' || one.value('ssl_ocsp') === 'on'),
      ),
  },
  {
    cve: 'CVE-2026-1642',
    title: 'Plain text taken from a TLS upstream',
    ...{ since: '1.3.0', fixed: ['1.29.5', '1.28.2'] },
    because: 'what nginx gets from an upstream over TLS, mutual or not, may come from somebody in between',
    concerns: (view) =>
      handoversOf(view.servers).some(({ pass }) => /^(https|grpcs):/.test(pass.args[0] ?? '')),
  },
];

/** A version is safe from the newest fix on, or from the fix of its own stable line on. */
export function isAffected(version: NginxVersion, { since, fixed }: Advisory): boolean {
  if (!isFrom(version, since) || isFrom(version, fixed[0] ?? since)) return false;
  const line = `${version[0]}.${version[1]}.`;
  return !fixed.some((one) => one.startsWith(line) && isFrom(version, one));
}

const vulnerableVersion: Rule = {
  id: 'vulnerable-version',
  title: 'This nginx has a known flaw that concerns client certificates',
  severity: 'warning',
  does: 'Each row of the list of advisories names the versions that have a flaw. Only rows that this configuration can meet are reported.',
  matters: 'A configuration cannot mend them all.',
  remedy:
    'Update nginx, or see that your distribution carries the fix: it often keeps the number of the version.',
  references: [ADVISORIES],
  *check(view) {
    const { version } = view;
    const at = view.main.blocks('http')[0] ?? view.servers[0]?.directive;
    if (version === null || at === undefined) return;
    for (const advisory of ADVISORIES_ON_CLIENTS) {
      if (!isAffected(version, advisory) || !advisory.concerns(view)) continue;
      const { cve, title, because, fixed } = advisory;
      yield {
        at,
        message: `nginx ${version.join('.')} has ${cve} (${title}): ${because}; fixed in ${fixed.join(' and ')}, and where the distribution carries the fix`,
      };
    }
  },
};

export const VERSION_RULES: readonly Rule[] = [vulnerableVersion];
