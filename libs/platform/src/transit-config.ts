import { resolve } from 'node:path';
import { z } from 'zod';
import { Secret } from '#engine';

/** A key of Vault's transit engine that wraps the master keys, and how we log in there. */
export interface TransitConfig {
  readonly address: string;
  readonly namespace: string;
  readonly mount: string;
  readonly key: string;
  /** Absolute, or null for the system's CAs. */
  readonly serverCaFile: string | null;
  readonly login:
    | { readonly token: Secret }
    /** Absolute; read anew whenever a token is needed. */
    | { readonly tokenFile: string }
    | { readonly appRole: { readonly mount: string; readonly roleId: string; readonly secretId: Secret } };
}

const path = z
  .string()
  .regex(/^[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)*$/, 'must be a path without slashes at its ends');

export const TRANSIT_VARIABLES = {
  WINDLASS_TRANSIT_KEY: z
    .string()
    .regex(/^[A-Za-z0-9._-]+$/, 'must be the name of a key of the transit engine')
    .optional(),
  WINDLASS_TRANSIT_ADDRESS: z
    .url({ protocol: /^https?$/, error: 'must be the address of Vault, such as https://vault.example:8200' })
    .optional(),
  WINDLASS_TRANSIT_NAMESPACE: z.string().default(''),
  WINDLASS_TRANSIT_MOUNT: path.default('transit'),
  WINDLASS_TRANSIT_CA_FILE: z.string().optional(),
  WINDLASS_TRANSIT_TOKEN: z.string().optional(),
  WINDLASS_TRANSIT_TOKEN_FILE: z.string().optional(),
  WINDLASS_TRANSIT_APPROLE_MOUNT: path.default('approle'),
  WINDLASS_TRANSIT_ROLE_ID: z.string().optional(),
  WINDLASS_TRANSIT_SECRET_ID: z.string().optional(),
} as const;

type Found = z.output<z.ZodObject<typeof TRANSIT_VARIABLES>>;

/** Every variable that is missing or one too many. */
export function transitFaults(
  found: Found,
): readonly { readonly variable: keyof Found; readonly fault: string }[] {
  if (found.WINDLASS_TRANSIT_KEY === undefined) return [];
  const logins = [
    found.WINDLASS_TRANSIT_TOKEN,
    found.WINDLASS_TRANSIT_TOKEN_FILE,
    found.WINDLASS_TRANSIT_ROLE_ID ?? found.WINDLASS_TRANSIT_SECRET_ID,
  ];
  const halfALogin =
    (found.WINDLASS_TRANSIT_ROLE_ID === undefined) !== (found.WINDLASS_TRANSIT_SECRET_ID === undefined);
  return [
    ...(found.WINDLASS_TRANSIT_ADDRESS === undefined
      ? [{ variable: 'WINDLASS_TRANSIT_ADDRESS', fault: 'is needed beside WINDLASS_TRANSIT_KEY' } as const]
      : []),
    ...(logins.filter((login) => login !== undefined).length !== 1 || halfALogin
      ? [
          {
            variable: 'WINDLASS_TRANSIT_TOKEN_FILE',
            fault:
              'or WINDLASS_TRANSIT_TOKEN, or WINDLASS_TRANSIT_ROLE_ID with WINDLASS_TRANSIT_SECRET_ID, must be set: one login, no more',
          } as const,
        ]
      : []),
  ];
}

/** Null where no key of transit is named. What {@link transitFaults} finds must have been refused. */
export function transitIn(found: Found, cwd: string): TransitConfig | null {
  const { WINDLASS_TRANSIT_KEY: key, WINDLASS_TRANSIT_ADDRESS: address } = found;
  if (key === undefined || address === undefined) return null;
  const caFile = found.WINDLASS_TRANSIT_CA_FILE;
  return {
    ...{ address, key, namespace: found.WINDLASS_TRANSIT_NAMESPACE, mount: found.WINDLASS_TRANSIT_MOUNT },
    serverCaFile: caFile === undefined ? null : resolve(cwd, caFile),
    login: loginIn(found, cwd),
  };
}

function loginIn(found: Found, cwd: string): TransitConfig['login'] {
  if (found.WINDLASS_TRANSIT_TOKEN_FILE !== undefined) {
    return { tokenFile: resolve(cwd, found.WINDLASS_TRANSIT_TOKEN_FILE) };
  }
  if (found.WINDLASS_TRANSIT_TOKEN !== undefined) return { token: new Secret(found.WINDLASS_TRANSIT_TOKEN) };
  return {
    appRole: {
      mount: found.WINDLASS_TRANSIT_APPROLE_MOUNT,
      roleId: found.WINDLASS_TRANSIT_ROLE_ID ?? '',
      secretId: new Secret(found.WINDLASS_TRANSIT_SECRET_ID ?? ''),
    },
  };
}
