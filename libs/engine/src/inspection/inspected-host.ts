import type { HostRecord } from '../ports/fleet-store.js';
import type { HostGateway, HostObservation, HostOpenssl } from '../ports/host-gateway.js';
import { PortError, type Problem } from '../ports/problem.js';
import { configOn, contextsOn, type Expected, hostFaults } from './host-faults.js';
import { sessionFaults, sessionsOn } from './session-faults.js';
import { type HostTrustSetting, settingsOn } from './trust-settings.js';

/** One host as a preflight finds it. */
export interface InspectedHost {
  readonly host: HostRecord;
  /** What keeps the bundle from it, what must be mended first in front. */
  readonly faults: readonly Problem[];
  /** It works, and a person should know. */
  readonly warnings: readonly Problem[];
  /** Null where there is none, and where the host could not be asked. */
  readonly openssl: HostOpenssl | null;
  readonly settings: readonly HostTrustSetting[];
}

/** Looks at the host, tries the bundle on its real configuration, and changes nothing. Never throws PortError. */
export async function inspectForPreflight(
  hosts: HostGateway,
  host: HostRecord,
  bundlePem: string,
  expected: Expected,
): Promise<InspectedHost> {
  try {
    const observed = await hosts.observe(host);
    const openssl = await hosts.openssl(host);
    const config = configOn(observed);
    const contexts = contextsOn(observed, config);
    const faults = hostFaults(host, observed, contexts, expected);
    const tried = observed.nginx?.configTestError === null ? await tryBundle(hosts, host, bundlePem) : [];
    // A bundle that drops no CA is not concerned.
    const sessions = sessionFaults(host, sessionsOn(observed, config));
    const warnings = [...opensslWarnings(host, observed, openssl), ...sessions];
    return {
      ...{ host, openssl, warnings, settings: settingsOn(host, observed, contexts, openssl) },
      faults: [...faults, ...tried],
    };
  } catch (error) {
    if (!(error instanceof PortError)) throw error;
    return { host, faults: [error.problem], warnings: [], openssl: null, settings: [] };
  }
}

async function tryBundle(hosts: HostGateway, host: HostRecord, bundlePem: string): Promise<Problem[]> {
  try {
    await hosts.tryBundle(host, bundlePem);
    return [];
  } catch (error) {
    if (error instanceof PortError && !error.transient) return [error.problem];
    throw error;
  }
}

/** A verdict is nginx's only when both use the same library. Pure. */
export function opensslWarnings(
  host: HostRecord,
  { nginx }: HostObservation,
  openssl: HostOpenssl | null,
): Problem[] {
  if (openssl === null) {
    return [
      {
        code: 'host.no-openssl',
        message: `${host.name}: it has no openssl command, so its verdicts are those of the OpenSSL of Windlass.`,
        nextStep: 'Install openssl there for verdicts by the library that its nginx uses.',
      },
    ];
  }
  const ofNginx = /running with ([^)]+)\)/.exec(nginx?.openssl ?? '')?.[1] ?? nginx?.openssl ?? '';
  return [
    ...(versionOf(ofNginx) === versionOf(openssl.version)
      ? []
      : [
          {
            code: 'host.other-openssl',
            message: `${host.name}: its nginx uses ${ofNginx || 'an unknown TLS library'}, and its openssl command is ${openssl.version}: they may judge a client differently.`,
            nextStep: 'Put the openssl of the version that nginx uses first in the PATH of root there.',
          },
        ]),
    ...(openssl.securityLevel === null
      ? [
          {
            code: 'host.unknown-security-level',
            message: `${host.name}: the security level of its OpenSSL could not be found out; 2 is assumed.`,
            nextStep: 'Name it in ssl_ciphers (@SECLEVEL=2), so that it does not depend on the machine.',
          },
        ]
      : []),
  ];
}

/** `OpenSSL 3.0.17` of a line that goes on with a date. */
function versionOf(line: string): string {
  return line.split(' ').slice(0, 2).join(' ');
}
