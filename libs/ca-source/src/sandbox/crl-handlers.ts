import type { SandboxMount } from './sandbox-mount.js';
import { SandboxRefusal, type SandboxReply, withData } from './sandbox-reply.js';
import type { SandboxRequest } from './sandbox-request.js';

export function readCrl(mount: SandboxMount, reference: string): SandboxReply {
  const issuer = mount.findIssuer(reference);
  if (issuer === null) {
    throw new SandboxRefusal(500, [`unable to find PKI issuer for reference: ${reference}`]);
  }
  return withData({ crl: mount.crls.get(issuer.id) ?? '' });
}

export async function rotateCrls(mount: SandboxMount): Promise<SandboxReply> {
  await mount.makeCrls();
  return withData({ success: true });
}

export async function revoke(mount: SandboxMount, fields: SandboxRequest['fields']): Promise<SandboxReply> {
  const serial = String(fields.serial_number ?? '').toLowerCase();
  if (!mount.certificates.has(serial)) {
    throw new SandboxRefusal(400, [`certificate with serial ${serial} not found.`]);
  }
  const at = mount.revocations.get(serial) ?? Math.floor(Date.now() / 1000);
  mount.revocations.set(serial, at);
  await mount.makeCrls();
  return withData({ revocation_time: at, state: 'revoked' });
}
