import type { Issuer, IssuerUsage } from '#engine';
import type { IssuerReply } from './vault-replies.js';

const KNOWN_USAGES: readonly string[] = [
  'read-only',
  'issuing-certificates',
  'crl-signing',
  'ocsp-signing',
] satisfies readonly IssuerUsage[];

/** Every usage that Vault reported, also one that a later Vault adds: writing them back must not lose it. */
export function usagesOf(issuer: IssuerReply): readonly string[] {
  return issuer.usage.split(',').filter((usage) => usage !== '');
}

export function mayIssue(issuer: IssuerReply): boolean {
  return usagesOf(issuer).includes('issuing-certificates');
}

/** The issuer as the port describes it. */
export function asIssuer(issuer: IssuerReply): Issuer {
  return {
    id: issuer.issuer_id,
    name: issuer.issuer_name,
    certificatePem: `${issuer.certificate.trim()}\n`,
    parentsPem: parentsIn(issuer),
    usage: usagesOf(issuer).filter((usage): usage is IssuerUsage => KNOWN_USAGES.includes(usage)),
  };
}

/** `ca_chain` without the issuer itself. */
function parentsIn({ certificate, ca_chain }: IssuerReply): string {
  const above = ca_chain.map((pem) => pem.trim()).filter((pem) => pem !== certificate.trim());
  return above.map((pem) => `${pem}\n`).join('');
}
