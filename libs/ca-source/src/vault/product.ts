import type { HealthReply } from './vault-replies.js';

/** Prefix of the version that our sandbox reports in `sys/health`. */
export const SANDBOX_VERSION_PREFIX = 'windlass-pki-sandbox-';

/** Product and version for people, from `sys/health`: `Vault 1.21.1`, `OpenBao 2.4.4`, or plainly our sandbox. */
export function productName(health: HealthReply): string {
  const version = health.version;
  if (version === undefined) return 'Vault (version not told)';
  if (version.startsWith(SANDBOX_VERSION_PREFIX)) {
    return `Windlass PKI sandbox ${version.slice(SANDBOX_VERSION_PREFIX.length)} (not Vault)`;
  }
  return `${isOpenBao(health, version) ? 'OpenBao' : 'Vault'} ${version}`;
}

/** OpenBao does not name itself: it starts at 2.x, reports no edition, and calls a cluster `bao-cluster-…`. */
function isOpenBao(health: HealthReply, version: string): boolean {
  if (health.cluster_name?.startsWith('bao-cluster-')) return true;
  return health.enterprise === undefined && /^([2-9]|\d{2,})\./.test(version);
}
