import type { IssuerUsage } from '#engine';
import { type Authority, printedSerial } from './certificates.js';
import { asErrorList, SandboxRefusal } from './sandbox-reply.js';

/** Vault prints usages sorted. */
export const ALL_USAGES: readonly IssuerUsage[] = [
  'crl-signing',
  'issuing-certificates',
  'ocsp-signing',
  'read-only',
];
const LEAF_NOT_AFTER_BEHAVIORS = ['err', 'truncate', 'permit'];

/** One issuer of a mount. */
export interface SandboxIssuer {
  readonly id: string;
  readonly keyId: string;
  readonly authority: Authority;
  name: string;
  usage: readonly IssuerUsage[];
  leafNotAfterBehavior: string;
}

export function pemOf(issuer: SandboxIssuer): string {
  return `${issuer.authority.certificate.toString('pem')}\n`;
}

/** What Vault shows of an issuer; `chain` is the issuer and those above it. */
export function describeIssuer(issuer: SandboxIssuer, chain: readonly SandboxIssuer[]) {
  return {
    ca_chain: chain.map(pemOf),
    certificate: pemOf(issuer),
    issuer_id: issuer.id,
    issuer_name: issuer.name,
    key_id: issuer.keyId,
    leaf_not_after_behavior: issuer.leafNotAfterBehavior,
    usage: issuer.usage.join(','),
  };
}

/** The entry of an issuer in the list of issuers. */
export function summarizeIssuer(issuer: SandboxIssuer, isDefault: boolean) {
  return {
    is_default: isDefault,
    issuer_name: issuer.name,
    key_id: issuer.keyId,
    serial_number: printedSerial(issuer.authority.certificate),
  };
}

/** `usage` of a request: comma separated or a list. */
export function parseUsage(value: unknown): readonly IssuerUsage[] {
  const asked = (Array.isArray(value) ? value.map(String) : String(value).split(',')).filter(
    (each) => each !== '',
  );
  const unknown = asked.filter((each) => !ALL_USAGES.some((usage) => usage === each));
  if (unknown.length > 0) {
    throw new SandboxRefusal(400, [
      `Unable to parse specified usages: [${unknown.join(' ')}] - valid values are ${ALL_USAGES.join(',')}`,
    ]);
  }
  return ALL_USAGES.filter((usage) => asked.includes(usage));
}

export function parseLeafNotAfterBehavior(value: unknown): string {
  const text = String(value);
  if (LEAF_NOT_AFTER_BEHAVIORS.includes(text)) return text;
  throw new SandboxRefusal(400, ['Unknown value for field `leaf_not_after_behavior`.']);
}

/** Throws Vault's 500 when the issuer may not issue. */
export function requireIssuing(issuer: SandboxIssuer): void {
  if (issuer.usage.includes('issuing-certificates')) return;
  throw new SandboxRefusal(500, [
    asErrorList(
      `error fetching CA certificate: error while attempting to use issuer ${issuer.id}: requested usage issuing-certificates for issuer [id:${issuer.id} / name:${issuer.name}] but only had usage ${issuer.usage.join(',')}`,
    ),
  ]);
}

/** The lifetime that a leaf may have under this issuer, in seconds; Vault refuses, cuts or allows more. */
export function fitLifetime(issuer: SandboxIssuer, ttlSeconds: number): number {
  const endOfCa = issuer.authority.certificate.notAfter;
  const left = Math.floor((endOfCa.getTime() - Date.now()) / 1000);
  if (ttlSeconds <= left || issuer.leafNotAfterBehavior === 'permit') return ttlSeconds;
  if (issuer.leafNotAfterBehavior === 'truncate') return left;
  const wanted = new Date(Date.now() + ttlSeconds * 1000).toISOString();
  throw new SandboxRefusal(400, [
    `cannot satisfy request, as TTL would result in notAfter of ${wanted} that is beyond the expiration of the CA certificate at ${endOfCa.toISOString()}`,
  ]);
}
