import type { TestVault } from '#kit';
import { PKI } from '../../fleet/installation.js';

/** What somebody else with rights does to the PKI mount. Returns what Vault says. */
export async function inPki(
  { address, token }: TestVault,
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  path: string,
  body?: object,
): Promise<Record<string, unknown>> {
  const reply = await fetch(`${address}/v1/${PKI.mount}/${path}`, {
    method,
    headers: {
      'X-Vault-Token': token.reveal(),
      'Content-Type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json',
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  if (!reply.ok) throw new Error(`${method} ${path} answered ${reply.status}: ${await reply.text()}`);
  const text = await reply.text();
  return text === '' ? {} : ((JSON.parse(text) as { data: Record<string, unknown> }).data ?? {});
}

/** A root of somebody else beside those of the fleet; returns the issuer's id. */
export async function anotherIssuer(vault: TestVault): Promise<string> {
  const made = await inPki(vault, 'POST', 'root/generate/internal', {
    ...{ common_name: 'Somebody else', key_type: 'ec', key_bits: 256, ttl: '720h' },
  });
  return String(made.issuer_id);
}

export function setDefault(vault: TestVault, issuerId: string) {
  return inPki(vault, 'POST', 'config/issuers', { default: issuerId, default_follows_latest_issuer: false });
}

export function pinRole(vault: TestVault, role: string, issuerId: string) {
  return inPki(vault, 'PATCH', `roles/${role}`, { issuer_ref: issuerId });
}
