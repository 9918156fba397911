import { apiCommand } from '../command-line/api-command.js';
import { YES } from '../command-line/option.js';
import { ADD_OPTIONS, IMPORT_OPTIONS } from './options.js';

export const HOST_COMMANDS = [
  apiCommand({
    words: 'host list',
    aliases: ['hosts'],
    section: 'fleets',
    operands: ['FLEET'],
    says: 'lists the hosts of a fleet',
    options: {},
    examples: ['windlass host list edge', 'windlass hosts edge -o json'],
    load: async () => (await import('./show-hosts.js')).listHosts,
  }),
  apiCommand({
    words: 'host get',
    section: 'fleets',
    operands: ['FLEET', 'HOST'],
    says: 'shows one host, with its pinned key',
    options: {},
    examples: ['windlass host get edge edge-1'],
    load: async () => (await import('./show-hosts.js')).getHost,
  }),
  apiCommand({
    words: 'host add',
    section: 'fleets',
    operands: ['FLEET', 'NAME'],
    says: 'enrols a host, whose key you are shown first',
    about: `Without --host-key and --known-hosts it asks the host for its key, shows it, and asks you. In a pipe it says the
fingerprint and which --accept-host-key to give; compare it with what the host itself says:
ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub`,
    options: ADD_OPTIONS,
    examples: [
      'windlass host add edge edge-1 --address 10.0.0.5 --user root --key-file ~/.ssh/windlass \\',
      '    --managed-path /etc/nginx/client-ca.pem --listener :443/edge.example',
      'windlass host add edge edge-2 --address edge-2.example --user windlass --access installed --agent \\',
      '    --managed-path /etc/nginx/client-ca.pem --listener :443 --accept-host-key SHA256:9x1...',
    ],
    load: async () => (await import('./add-host.js')).addHost,
  }),
  apiCommand({
    words: 'host import',
    section: 'fleets',
    operands: ['FLEET'],
    says: 'enrols many hosts from an ssh_config, an inventory or a CSV file, all of them or none',
    about: `It shows what would be enrolled, and what cannot be and why, by line, and asks. Host keys come from --known-hosts, or
from ~/.ssh/known_hosts. What an option says goes before what the file says. Hosts that are enrolled already are passed
over, so that it may be run again.`,
    options: IMPORT_OPTIONS,
    examples: [
      'windlass host import edge --from-ssh-config ~/.ssh/config --managed-path /etc/nginx/client-ca.pem --listener :443',
      'windlass host import edge --inventory hosts.ini --group edge --user root --key-file ~/.ssh/windlass \\',
      '    --managed-path /etc/nginx/client-ca.pem --listener :443/edge.example --yes',
      'windlass host import edge --csv hosts.csv --agent --dry-run',
    ],
    load: async () => (await import('./import-hosts.js')).importHosts,
  }),
  apiCommand({
    words: 'host remove',
    section: 'fleets',
    operands: ['FLEET', 'HOST'],
    says: 'takes a host out of its fleet; its files stay as they are',
    options: YES,
    examples: ['windlass host remove edge edge-2 --yes'],
    load: async () => (await import('./show-hosts.js')).removeHost,
  }),
];
