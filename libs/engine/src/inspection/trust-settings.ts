import type { TrustContext } from '#nginx-audit';
import type { ChainQuestion } from '#trust';
import type { ChainVerifier } from '../ports/chain-verifier.js';
import type { HostRecord } from '../ports/fleet-store.js';
import type { HostGateway, HostObservation, HostOpenssl } from '../ports/host-gateway.js';
import { managedFiles } from './host-faults.js';

/** What decides a chain on a host beside the bundle. */
export interface HostTrustSetting {
  /** `ssl_verify_depth` */
  readonly depth: number;
  /** `ssl_trusted_certificate` */
  readonly trustedPem: string;
  /** `ssl_crl`; left out by journals from before it was asked for, as everything below. */
  readonly crlPem?: string;
  /** `ssl_crl` names a managed file: it holds whatever generation is served. */
  readonly crlManaged?: boolean;
  readonly nginxVersion?: string;
  readonly securityLevel?: number;
  /** Version of the `openssl` command there; null where there is none. */
  readonly openssl?: string | null;
  /** Host, file and line that the setting was read from. */
  readonly where: string;
}

/** Of every server on the host that reads a managed file; `contexts` are all its servers. Pure. */
export function settingsOn(
  host: HostRecord,
  observed: HostObservation,
  contexts: readonly TrustContext[],
  openssl: HostOpenssl | null,
): HostTrustSetting[] {
  const managed = managedFiles(observed);
  const content = (path: string | null) => (path === null ? '' : (observed.trustFiles[path] ?? ''));
  return contexts
    .filter(({ clientCertificate }) => clientCertificate !== null && managed.includes(clientCertificate))
    .map((context) => ({
      where: `${host.name} ${context.file}:${context.line}`,
      depth: context.verifyDepth,
      // A managed file is switched with the bundle: what lies there now decides nothing then.
      trustedPem: managed.includes(context.trustedCertificate ?? '')
        ? ''
        : content(context.trustedCertificate),
      ...(managed.includes(context.crl ?? '')
        ? { crlPem: '', crlManaged: true }
        : { crlPem: content(context.crl) }),
      ...(observed.nginx ? { nginxVersion: observed.nginx.version } : {}),
      ...levelOf(context.securityLevel ?? openssl?.securityLevel ?? null),
      openssl: openssl?.version ?? null,
    }));
}

function levelOf(securityLevel: number | null): { securityLevel?: number } {
  return securityLevel === null ? {} : { securityLevel };
}

/** What decides there with this text in the managed files. */
export function decidedBy(
  { where, openssl, crlManaged = false, ...decides }: HostTrustSetting,
  bundlePem: string,
): Omit<ChainQuestion, 'leafPem' | 'sentPem'> {
  return { ...decides, bundlePem, ...(crlManaged ? { crlPem: bundlePem } : {}) };
}

/** Clients get the same verdict wherever this is the same. */
export function keyOf(setting: HostTrustSetting): string {
  const { depth, trustedPem, crlPem = '', nginxVersion = '', securityLevel = '', openssl = '' } = setting;
  const { crlManaged = false } = setting;
  return JSON.stringify([depth, nginxVersion, securityLevel, openssl, trustedPem, crlPem, crlManaged]);
}

/** The verifier for one host: its own OpenSSL, which agrees with its nginx, or ours where it has none. */
export function verifierOn(
  host: HostRecord,
  { openssl }: Pick<HostTrustSetting, 'openssl'>,
  { verifier, hosts }: { verifier: ChainVerifier; hosts: HostGateway },
): ChainVerifier {
  return openssl ? verifier.by((question) => hosts.verify(host, question)) : verifier;
}
