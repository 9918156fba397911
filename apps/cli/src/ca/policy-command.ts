import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { vaultPolicy } from '#ca-source';
import { projectPath } from '#platform';

export const POLICY_USAGE = `windlass ca policy --mount MOUNT --role ROLE [--role ROLE ...]

Prints the policy that Windlass needs at Vault, with no right too many. Read it, then store it and name it in the
AppRole or the token of Windlass:

  windlass ca policy --mount pki --role clients | vault policy write windlass -

  --mount MOUNT   path of the PKI, such as pki or team/pki
  --role ROLE     role for probe certificates, as recorded at the fleet; once for each
`;

const OPTIONS = {
  mount: { type: 'string' },
  role: { type: 'string', multiple: true },
  help: { type: 'boolean', short: 'h' },
} as const;

/** Returns the exit code: 0, or 2 for words that make no sense. */
export function policyCommand(
  args: readonly string[],
  print: (line: string) => void,
  complain: (line: string) => void,
): number {
  try {
    const { values } = parseArgs({ args: [...args], options: OPTIONS });
    if (values.help) {
      print(POLICY_USAGE);
      return 0;
    }
    const template = readFileSync(projectPath('policy/vault/windlass.hcl'), 'utf8');
    print(vaultPolicy(template, values.mount ?? '', values.role ?? []).trimEnd());
    return 0;
  } catch (error) {
    if (!(error instanceof RangeError) && !(error instanceof TypeError)) throw error;
    complain(`windlass ca policy: ${error.message}\n\n${POLICY_USAGE}`);
    return 2;
  }
}
