import { z } from 'zod';
import { type ParentIssuer, PINNED_ROLES, PortError } from '#engine';
import { PATH_ERROR, PATH_SYNTAX } from './path-syntax.js';

const ParentIssuerBody = z
  .strictObject({
    mount: z
      .string()
      .max(500)
      .regex(PATH_SYNTAX, PATH_ERROR)
      .meta({ examples: ['pki-root'] }),
    issuer: z
      .string()
      .max(200)
      .regex(/^\w([\w.-]*\w)?$/, 'must be the name or the id of an issuer, or "default"')
      .default('default')
      .meta({ description: 'Name or id of the issuer there.' }),
  })
  .meta({
    id: 'ParentIssuer',
    description: 'An issuer of another PKI mount of the same Vault and namespace.',
  });

/** Of a body that says how the CAs of a Vault are made and followed. */
export const wayFields = {
  signedBy: ParentIssuerBody.nullable().optional().meta({
    description:
      'Who signs the CAs that rotations make; null: each is a root. Left out: as recorded before, else null.',
  }),
  pinnedRoles: z.enum(PINNED_ROLES).optional().meta({
    description:
      'What becomes of roles whose issuer_ref names the old issuer: `refuse` the rotation, or `move` them with the default. Left out: as recorded before, else `refuse`.',
  }),
};

export const CaWays = z
  .strictObject(wayFields)
  .refine(({ signedBy, pinnedRoles }) => signedBy !== undefined || pinnedRoles !== undefined, {
    message: 'give signedBy, pinnedRoles, or both',
  })
  .meta({
    id: 'CaWays',
    description: 'How the CAs of a Vault are made and followed from the next rotation on.',
  });

/** As it is shown. */
export const waysShown = { signedBy: ParentIssuerBody.nullable(), pinnedRoles: z.enum(PINNED_ROLES) };

/** For a CA that knows neither roles nor a parent of new CAs. */
export function onlyOfVault(): PortError {
  return new PortError({
    code: 'ca.not-of-vault',
    message:
      'The issuing CA of the fleet is not one of Vault: it has no roles, and a new CA of it is always a root.',
    nextStep: 'Nothing of that kind is to be changed here.',
  });
}

/** Throws PortError `ca.own-parent`: each new CA would be one level further down. */
export function refuseOwnParent(mount: string, signedBy: ParentIssuer | null | undefined): void {
  if (signedBy?.mount !== mount) return;
  throw new PortError({
    code: 'ca.own-parent',
    message: `The PKI mount ${mount} is named as the parent of its own CAs.`,
    nextStep: 'Name the mount of the CA above it in signedBy, or null where its CAs are roots.',
  });
}
