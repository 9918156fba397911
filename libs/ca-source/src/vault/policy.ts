const MOUNT = /^(?!.*\.\.)[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)*$/;
const ROLE = /^\w([\w.-]*\w)?$/;

/**
 * Puts the path of a PKI mount and the roles for probe leaves into the policy that Windlass ships
 * (`policy/vault/windlass.hcl`); a line about a role is repeated for each. Throws RangeError for a name that Vault
 * would read as more than a name.
 */
export function vaultPolicy(template: string, mount: string, roles: readonly string[]): string {
  if (!MOUNT.test(mount))
    throw new RangeError(`"${mount}" is not the path of a mount, such as pki or team/pki`);
  if (roles.length === 0) throw new RangeError('name at least one role');
  const bad = roles.find((role) => !ROLE.test(role));
  if (bad !== undefined) throw new RangeError(`"${bad}" is not the name of a role`);
  return template
    .split('\n')
    .flatMap((line) =>
      line.includes('{{role}}') ? roles.map((role) => line.replaceAll('{{role}}', role)) : [line],
    )
    .join('\n')
    .replaceAll('{{mount}}', mount);
}
