// Commands of the set-up that say nothing unless they fail.
import { execFileSync } from 'node:child_process';

/** Standard output. `env` is added to the environment. Throws an Error with what the command said when it fails. */
export function runCommand(command, args, { cwd, env = {} } = {}) {
  try {
    return execFileSync(command, args, {
      ...{ cwd, encoding: 'utf8', maxBuffer: 64 << 20, stdio: ['ignore', 'pipe', 'pipe'] },
      env: { ...process.env, ...env },
    });
  } catch (error) {
    const said = `${error.stdout ?? ''}${error.stderr ?? ''}`.trim() || error.message;
    throw new Error(`${command} ${args.join(' ')} failed:\n${said.slice(-4000)}`);
  }
}
