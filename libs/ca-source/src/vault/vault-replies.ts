import { z } from 'zod';

/** The parts of Vault's replies that we rely on. Everything else in them is ignored. */

/** `sys/health`; a failing load balancer in front may answer anything, hence all optional. */
export const healthReply = z.object({
  version: z.string().optional(),
  cluster_name: z.string().optional(),
  /** Vault has it since 1.16, OpenBao does not. */
  enterprise: z.boolean().optional(),
});
export type HealthReply = z.infer<typeof healthReply>;

export const issuersConfigReply = z.object({
  data: z.object({
    /** Id of the default issuer, empty when there is none. */
    default: z.string(),
    default_follows_latest_issuer: z.boolean().default(false),
  }),
});

/** LIST issuers; `data` is missing for an empty mount. */
export const issuerListReply = z.object({
  data: z
    .object({
      keys: z.array(z.string()),
      key_info: z.record(z.string(), z.object({ issuer_name: z.string(), key_id: z.string().default('') })),
    })
    .default({ keys: [], key_info: {} }),
});

export const issuerReply = z.object({
  data: z.object({
    issuer_id: z.string().min(1),
    issuer_name: z.string(),
    certificate: z.string().includes('BEGIN CERTIFICATE'),
    /** Itself, and the issuers above it that the mount knows. */
    ca_chain: z.array(z.string()).default([]),
    leaf_not_after_behavior: z.string(),
    /** Comma separated, in no order to rely on. */
    usage: z.string(),
  }),
});
export type IssuerReply = z.infer<typeof issuerReply>['data'];

/** `issuer/<ref>/json`, which Vault answers to anybody. */
export const publicIssuerReply = z.object({
  data: z.object({
    certificate: z.string().includes('BEGIN CERTIFICATE'),
    ca_chain: z.array(z.string()).default([]),
  }),
});

/** A certificate request for a key that stays in the mount. */
export const signingRequestReply = z.object({
  data: z.object({ csr: z.string().includes('BEGIN CERTIFICATE REQUEST'), key_id: z.string().min(1) }),
});

export const signedReply = z.object({
  data: z.object({ certificate: z.string().includes('BEGIN CERTIFICATE') }),
});

/** `mapping`: the key of each issuer, by its id. */
export const importedReply = z.object({ data: z.object({ mapping: z.record(z.string(), z.string()) }) });

export const keyReply = z.object({ data: z.object({ key_id: z.string().min(1) }) });
/** `issuer/:ref/crl`; empty where the issuer may sign none, or the mount has them switched off. */
export const crlReply = z.object({ data: z.object({ crl: z.string().default('') }) });

export const createdIssuerReply = z.object({
  data: z.object({ issuer_id: z.string().min(1), certificate: z.string().includes('BEGIN CERTIFICATE') }),
});

/** LIST of names; `data` is missing when there are none. */
export const nameListReply = z.object({
  data: z.object({ keys: z.array(z.string()) }).default({ keys: [] }),
});

export const roleReply = z.object({
  data: z.object({
    issuer_ref: z.string().default('default'),
    /** Seconds; 0: as the mount has it. */
    max_ttl: z.number().default(0),
    /** A fixed end in place of a lifetime. */
    not_after: z.string().default(''),
    /** What it issues is in no list. */
    no_store: z.boolean().default(false),
  }),
});
export type RoleReply = z.infer<typeof roleReply>['data'];

/** `sys/internal/ui/mounts/<mount>`, for which a token needs no policy beyond any on the mount; seconds. */
export const mountReply = z.object({
  data: z.object({ config: z.object({ max_lease_ttl: z.number() }) }),
});

export const storedCertificateReply = z.object({
  data: z.object({
    certificate: z.string().includes('BEGIN CERTIFICATE'),
    /** Seconds since the epoch; 0 when it was not revoked. */
    revocation_time: z.number().default(0),
  }),
});

export const leafReply = z.object({
  data: z.object({
    certificate: z.string().includes('BEGIN CERTIFICATE'),
    issuing_ca: z.string().includes('BEGIN CERTIFICATE'),
    ca_chain: z.array(z.string()).default([]),
    private_key: z.string().includes('PRIVATE KEY'),
  }),
});

/** For writes whose reply says nothing that we use; 204 has no body at all. */
export const anyReply = z.unknown();

/** Of a login, and of the renewal of a token; `lease_duration` in seconds, 0 for a token that does not end. */
export const loginReply = z.object({
  auth: z.object({
    client_token: z.string().min(1),
    lease_duration: z.number(),
    renewable: z.boolean(),
    /** 0: as many as one likes. */
    num_uses: z.number().default(0),
  }),
});

/** `sys/wrapping/lookup`: the request whose reply was wrapped, without `/v1/`. */
export const wrappingReply = z.object({ data: z.object({ creation_path: z.string() }) });

/** The wrapped reply of `auth/<mount>/role/<role>/secret-id`. */
export const secretIdReply = z.object({
  data: z.object({
    secret_id: z.string().min(1),
    /** 0: as many as one likes. */
    secret_id_num_uses: z.number().default(0),
  }),
});
