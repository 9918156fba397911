import type { ParentIssuer } from '#engine';

const MOUNT = /^(?!.*\.\.)[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)*$/;
const ROLE = /^\w([\w.-]*\w)?$/;

/** What an issuing CA has beside a mount and a role. */
export interface PolicyOptions {
  /** Who signs new issuers; left out: they sign themselves. */
  readonly signedBy?: ParentIssuer | null | undefined;
  /** Whether roles that name an issuer are moved. */
  readonly movesRoles?: boolean;
}

/**
 * Puts the path of a PKI mount and the roles for probe leaves into the policy that Windlass ships
 * (`policy/vault/windlass.hcl`); a line about a role is repeated for each, and a line that begins with a condition such
 * as `{{if signed}}` is left out where it does not hold. Throws RangeError for a name that Vault would read as more than
 * a name.
 */
export function vaultPolicy(
  template: string,
  mount: string,
  roles: readonly string[],
  { signedBy = null, movesRoles = false }: PolicyOptions = {},
): string {
  for (const path of [mount, ...(signedBy ? [signedBy.mount] : [])]) {
    if (!MOUNT.test(path))
      throw new RangeError(`"${path}" is not the path of a mount, such as pki or team/pki`);
  }
  if (signedBy && !ROLE.test(signedBy.issuer)) {
    throw new RangeError(`"${signedBy.issuer}" is not the name or the id of an issuer`);
  }
  if (signedBy?.mount === mount)
    throw new RangeError(`${mount} cannot sign its own CAs: name the mount above it`);
  if (roles.length === 0) throw new RangeError('name at least one role');
  const bad = roles.find((role) => !ROLE.test(role));
  if (bad !== undefined) throw new RangeError(`"${bad}" is not the name of a role`);
  const holds: Readonly<Record<string, boolean>> = {
    ...{ signed: signedBy !== null, 'self-signed': signedBy === null },
    ...{ 'moves-roles': movesRoles, 'keeps-roles': !movesRoles },
  };
  return template
    .split('\n')
    .flatMap((line) => {
      const [condition = '', name = ''] = /^\{\{if ([\w-]+)\}\}/.exec(line) ?? [];
      return condition === '' || holds[name] ? [line.slice(condition.length)] : [];
    })
    .flatMap((line) =>
      line.includes('{{role}}') ? roles.map((role) => line.replaceAll('{{role}}', role)) : [line],
    )
    .join('\n')
    .replaceAll('{{parent}}', signedBy?.mount ?? '')
    .replaceAll('{{issuer}}', signedBy?.issuer ?? '')
    .replaceAll('{{mount}}', mount);
}
