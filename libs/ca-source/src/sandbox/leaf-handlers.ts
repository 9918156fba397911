import { issueLeaf, printedSerial } from './certificates.js';
import { durationSeconds } from './durations.js';
import { fitLifetime, pemOf, requireIssuing } from './sandbox-issuer.js';
import type { SandboxMount } from './sandbox-mount.js';
import { SandboxRefusal, type SandboxReply, withData } from './sandbox-reply.js';
import type { SandboxRequest } from './sandbox-request.js';
import type { SandboxRole } from './sandbox-role.js';

type Fields = SandboxRequest['fields'];

/** `reference` null takes the issuer that the role names, which is the default unless it is pinned. */
export async function issue(
  mount: SandboxMount,
  reference: string | null,
  roleName: string,
  fields: Fields,
): Promise<SandboxReply> {
  const role = mount.roles.get(roleName);
  if (role === undefined) throw new SandboxRefusal(400, [`unknown role: ${roleName}`]);
  const commonName = requireCommonName(role, fields);
  const issuer = mount.issuer(
    reference ?? role.issuerRef,
    'could not fetch the CA certificate (was one set?): ',
  );
  requireIssuing(issuer);
  const lifetime = fitLifetime(issuer, leafLifetime(mount, role, durationSeconds(fields.ttl)));
  const leaf = await issueLeaf(issuer.authority, commonName, lifetime, {
    client: role.clientFlag,
    server: role.serverFlag,
  });
  const serial = printedSerial(leaf.certificate);
  if (!role.noStore) {
    mount.certificates.set(serial, leaf.certificate.toString('pem'));
    mount.issuedBy.set(serial, issuer.id);
  }
  return withData({
    ca_chain: mount.chainOf(issuer).map(pemOf),
    certificate: leaf.certificate.toString('pem'),
    expiration: Math.floor(leaf.certificate.notAfter.getTime() / 1000),
    issuing_ca: pemOf(issuer),
    private_key: leaf.privateKeyPem.trim(),
    private_key_type: 'ec',
    serial_number: serial,
  });
}

/** The sandbox knows names by one rule only: any, or none. */
function requireCommonName(role: SandboxRole, fields: Fields): string {
  const commonName = String(fields.common_name ?? '');
  if (commonName === '') {
    throw new SandboxRefusal(400, [
      'the common_name field is required, or must be provided in a CSR with "use_csr_common_name" set to true, unless "require_cn" is set to false',
    ]);
  }
  if (role.allowAnyName) return commonName;
  throw new SandboxRefusal(400, [`common name ${commonName} not allowed by this role`]);
}

/** Seconds: what was asked, else the role's, else the mount's; cut to the shorter maximum, as Vault does. */
function leafLifetime(mount: SandboxMount, role: SandboxRole, asked: number): number {
  const longest = Math.min(role.maxTtl || mount.maxTtlSeconds, mount.maxTtlSeconds);
  return Math.min(asked || role.ttl || longest, longest);
}
