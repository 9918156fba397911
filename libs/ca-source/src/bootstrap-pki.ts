import { PortError, type Secret } from '#engine';
import { MountedPki } from './vault/mounted-pki.js';
import { VaultConnection } from './vault/vault-connection.js';
import { anyReply, createdIssuerReply, type IssuerReply } from './vault/vault-replies.js';

export interface PkiBlueprint {
  /** Path of the mount without slashes at the ends. */
  readonly mount: string;
  /** Role that issues client certificates for any common name, living at most 30 days. */
  readonly role: string;
  /** Common name of the first root. */
  readonly commonName: string;
  /** Lifetime of the first root in seconds, at most ten years. */
  readonly ttlSeconds: number;
}

/** Ten years, the longest that any certificate of the mount may live. Vault's own default would cut CAs to 32 days. */
const MOUNT_MAX_TTL = '87600h';
const LEAF_MAX_TTL = '720h';

/**
 * Sets a PKI up for a demo, for tests or for development: mount, first root, role. Safe to repeat: what is there
 * already stays. The token must be allowed to mount. Returns the issuer that clients get certificates from.
 * Throws PortError as CaSource does.
 */
export async function bootstrapPki(
  address: string,
  token: Secret,
  blueprint: PkiBlueprint,
): Promise<{ readonly issuerId: string; readonly certificatePem: string }> {
  const { mount } = blueprint;
  const vault = new VaultConnection({ address, namespace: '', mount, token, serverCaPem: null });
  const pki = new MountedPki(vault);
  await enableMount(vault);
  if ((await pki.defaultIssuer()).id === '') await createFirstRoot(vault, blueprint);
  await writeRole(vault, blueprint.role);
  const issuer: IssuerReply = await pki.issuer((await pki.defaultIssuer()).id);
  return { issuerId: issuer.issuer_id, certificatePem: issuer.certificate };
}

async function enableMount(vault: VaultConnection): Promise<void> {
  const { mount } = vault.place;
  const request = { type: 'pki', config: { max_lease_ttl: MOUNT_MAX_TTL } };
  try {
    await vault.write(`sys/mounts/${mount}`, `mount a PKI at ${mount}`, request, anyReply);
  } catch (error) {
    const there = error instanceof PortError && /already in use/.test(error.problem.detail ?? '');
    if (!there) throw error;
  }
}

async function createFirstRoot(vault: VaultConnection, blueprint: PkiBlueprint): Promise<void> {
  await vault.write(
    vault.inMount('root', 'generate', 'internal'),
    `create the root ${blueprint.commonName}`,
    {
      common_name: blueprint.commonName,
      exclude_cn_from_sans: true,
      ttl: `${blueprint.ttlSeconds}s`,
      key_type: 'ec',
      key_bits: 256,
    },
    createdIssuerReply,
  );
}

async function writeRole(vault: VaultConnection, role: string): Promise<void> {
  await vault.write(
    vault.inMount('roles', role),
    `write role ${role}`,
    {
      allow_any_name: true,
      enforce_hostnames: false,
      client_flag: true,
      server_flag: false,
      key_type: 'ec',
      key_bits: 256,
      max_ttl: LEAF_MAX_TTL,
    },
    anyReply,
  );
}
