import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { vaultPolicy } from '#ca-source';
import type { ParentIssuer } from '#engine';
import { projectPath } from '#platform';
import { printCommand } from '../print-command.js';

const POLICY_USAGE = `windlass ca policy --mount MOUNT --role ROLE [--role ROLE ...]

Prints the policy that Windlass needs at Vault, with no right too many. Read it, then store it and name it in the
AppRole or the token of Windlass:

  windlass ca policy --mount pki --role clients | vault policy write windlass -

  --mount MOUNT   path of the PKI, such as pki or team/pki
  --role ROLE     role for probe certificates, as recorded at the fleet; once for each
  --signed-by MOUNT[:ISSUER]   PKI that signs the CAs that rotations make, as signedBy of the issuing CA; its default
                  issuer when none is named
  --move-roles    for an issuing CA whose pinnedRoles is "move"
`;

export const POLICY_OPTIONS = {
  mount: { type: 'string' },
  role: { type: 'string', multiple: true },
  'signed-by': { type: 'string' },
  'move-roles': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** Returns the exit code: 0, or 2 for words that make no sense. */
export function policyCommand(
  args: readonly string[],
  print: (line: string) => void,
  complain: (line: string) => void,
): number {
  return printCommand('windlass ca policy', POLICY_USAGE, { print, complain }, () => {
    const { values } = parseArgs({ args: [...args], options: POLICY_OPTIONS });
    if (values.help) return null;
    const template = readFileSync(projectPath('policy/vault/windlass.hcl'), 'utf8');
    const signedBy = values['signed-by'] === undefined ? null : parentIn(values['signed-by']);
    const movesRoles = values['move-roles'] ?? false;
    return vaultPolicy(template, values.mount ?? '', values.role ?? [], { signedBy, movesRoles }).trimEnd();
  });
}

function parentIn(words: string): ParentIssuer {
  const [mount = '', ...issuer] = words.split(':');
  return { mount, issuer: issuer.length === 0 ? 'default' : issuer.join(':') };
}
