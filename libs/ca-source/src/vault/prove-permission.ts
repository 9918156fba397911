import { PortError, type VaultTokenCa } from '#engine';
import { usagesOf } from './issuer-facts.js';
import type { DefaultIssuer, MountedPki } from './mounted-pki.js';

/**
 * Does what the switch will need and changes nothing by it, because a token that may not do it must be refused
 * before the first host is touched. Asking Vault what a token may do would need a right of its own.
 * Throws `ca.denied`, which names the right.
 */
export async function proveSwitch(pki: MountedPki, byDefault: DefaultIssuer): Promise<void> {
  await pki.setDefaultIssuer({ id: byDefault.id, followsLatest: false });
  const usage = usagesOf(await pki.issuer(byDefault.id)).join(',');
  await pki.changeIssuer(byDefault.id, { usage }, `change what issuer ${byDefault.id} may do`);
}

/** For a CA whose roles are moved: writes into those that name the default issuer what is in them. */
export async function proveMoves(pki: MountedPki, ca: VaultTokenCa, byDefault: DefaultIssuer): Promise<void> {
  if (ca.pinnedRoles !== 'move') return;
  const { issuer_name: name } = await pki.issuer(byDefault.id);
  for (const role of await pki.roleNames()) {
    const { issuer_ref: pinned } = await pki.role(role);
    if (pinned === byDefault.id || (pinned === name && name !== '')) await pki.setRoleIssuer(role, pinned);
  }
}

/** Asks for a leaf of an issuer that may not issue yet: only a token with the right gets as far as that refusal. */
export async function proveIssuing(pki: MountedPki, ca: VaultTokenCa, issuerId: string): Promise<void> {
  try {
    await pki.issue(issuerId, ca.role, { commonName: 'windlass', ttlSeconds: 60 });
  } catch (error) {
    if (error instanceof PortError && error.problem.code === 'ca.denied') throw error;
  }
}
