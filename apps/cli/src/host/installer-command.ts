import { parseArgs } from 'node:util';
import { installerScript } from '#host';
import { printCommand } from '../print-command.js';

const INSTALLER_USAGE = `windlass host installer --user USER --path FILE [--path FILE ...]

Prints a script for root that lets USER rotate the client CAs of one nginx host through Windlass and do nothing
else: the host program, root-owned; the list of what it may touch; one line of sudoers. Read it, then run it there:

  windlass host installer --user windlass --path /etc/nginx/client-ca.pem | ssh root@host sh

Enrol the host with access "installed" and that user afterwards.

  --user USER           who logs in over SSH; must exist on the host
  --path FILE           absolute path of a managed bundle; once for each
  --client-log FILE     access log that names the clients, which may then be read
  --nginx BINARY        nginx by default
  --nginx-argument WORD what nginx is always given, such as --nginx-argument=-c; once for each word
  --reload WORD         what reloads nginx, once for each word; SIGHUP to its master when left out
`;

export const INSTALLER_OPTIONS = {
  user: { type: 'string' },
  path: { type: 'string', multiple: true },
  'client-log': { type: 'string' },
  nginx: { type: 'string', default: 'nginx' },
  'nginx-argument': { type: 'string', multiple: true },
  reload: { type: 'string', multiple: true },
  help: { type: 'boolean', short: 'h' },
} as const;

/** Returns the exit code: 0, or 2 for words that make no sense. */
export function installerCommand(
  args: readonly string[],
  print: (line: string) => void,
  complain: (line: string) => void,
): number {
  return printCommand('windlass host installer', INSTALLER_USAGE, { print, complain }, () => {
    const { values } = parseArgs({ args: [...args], options: INSTALLER_OPTIONS });
    if (values.help) return null;
    return installerScript({
      user: values.user ?? '',
      managedPaths: values.path ?? [],
      ...(values['client-log'] === undefined ? {} : { clientLog: values['client-log'] }),
      nginxBinary: values.nginx,
      nginxArguments: values['nginx-argument'] ?? [],
      reloadCommand: values.reload ?? [],
    });
  });
}
