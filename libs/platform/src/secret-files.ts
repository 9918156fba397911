import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

/**
 * Variables whose value may lie in the file that `<name>_FILE` names instead, as systemd's credentials and mounted
 * Secrets have it. The master key has a reader of its own, which refuses a file that others may read.
 */
export const FILED_VARIABLES = ['DATABASE_URL', 'REDIS_URL', 'WINDLASS_ADMIN_KEY'] as const;

type Environment = Readonly<Record<string, string | undefined>>;

/** What is wrong with a variable, never with its value in it. */
export interface VariableFault {
  readonly path: string;
  readonly message: string;
}

/**
 * `set` with what those files hold in place of their names; the white space at their ends is no part of it. A variable
 * at fault is left out and told of.
 */
export function withSecretFiles(
  set: Environment,
  cwd: string,
): { readonly set: Environment; readonly faults: readonly VariableFault[] } {
  const read: Record<string, string> = {};
  const faults: VariableFault[] = [];
  for (const name of FILED_VARIABLES) {
    const path = `${name}_FILE`;
    const file = set[path];
    if (file === undefined) continue;
    if (set[name] !== undefined) faults.push({ path, message: `and ${name} are both set; leave one out` });
    else {
      const found = contentOf(resolve(cwd, file));
      if ('text' in found) read[name] = found.text;
      else faults.push({ path, message: found.fault });
    }
  }
  return { set: { ...set, ...read }, faults };
}

function contentOf(file: string): { readonly text: string } | { readonly fault: string } {
  try {
    const text = readFileSync(file, 'utf8').trim();
    return text === '' ? { fault: 'names a file with nothing in it' } : { text };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return { fault: `must name a file that this process may read (${code ?? 'it cannot be read'})` };
  }
}
