import type { Options } from '../command-line/option.js';
import { YES } from '../command-line/option.js';

/** What is the same for one host and for many. */
export const HOST_SETTINGS = {
  user: { type: 'string', takes: 'USER', says: 'who logs in' },
  'key-file': {
    type: 'string',
    takes: 'FILE',
    says: 'private key to log in with; it is stored, sealed; - for standard input',
  },
  agent: { type: 'boolean', says: 'in place of a key: the SSH agent of the workers' },
  'managed-path': {
    type: 'string',
    multiple: true,
    takes: 'PATH',
    says: 'a bundle on the host that Windlass switches',
  },
  listener: {
    type: 'string',
    multiple: true,
    takes: '[HOST]:PORT[/NAME]',
    says: 'where nginx asks for client certificates, with the TLS name that is asked for; without HOST at the address of the host',
  },
  access: {
    type: 'string',
    takes: 'WORD',
    says: 'what the user may do there (docs/hosts.md)',
    oneOf: ['root', 'installed'],
  },
  nginx: { type: 'string', takes: 'BINARY', says: 'nginx on the host, a name or a path' },
  'nginx-argument': {
    type: 'string',
    multiple: true,
    takes: 'WORD',
    says: 'what nginx is always given, such as --nginx-argument=-p',
  },
  reload: {
    type: 'string',
    multiple: true,
    takes: 'WORD',
    says: 'what reloads nginx, word by word; SIGHUP to its master when left out',
  },
  'known-hosts': { type: 'string', takes: 'FILE', says: 'known_hosts with the host keys' },
  'host-key-algorithm': {
    type: 'string',
    takes: 'TYPE',
    says: 'which key of known_hosts, where it has several, such as ssh-ed25519',
  },
} as const satisfies Options;

export const ADD_OPTIONS = {
  address: { type: 'string', takes: 'HOST', says: 'where SSH is spoken, an address or a DNS name' },
  port: { type: 'string', default: '22', takes: 'PORT', says: 'of SSH' },
  ...HOST_SETTINGS,
  'host-key': { type: 'string', takes: 'KEY', says: 'public key of the host, such as "ssh-ed25519 AAAA..."' },
  'accept-host-key': {
    type: 'string',
    takes: 'SHA256:...',
    says: 'pins the key that the host shows, if it has this fingerprint',
  },
  jump: {
    type: 'string',
    takes: '[USER@]HOST[:PORT]',
    says: 'the SSH server by way of which the host is reached',
  },
  'jump-key-file': {
    type: 'string',
    takes: 'FILE',
    says: 'private key for the jump host, where it is another one',
  },
  'jump-host-key': { type: 'string', takes: 'KEY', says: 'public key of the jump host' },
} as const satisfies Options;

export const IMPORT_OPTIONS = {
  'from-ssh-config': { type: 'string', takes: 'FILE', says: 'ssh_config(5): every Host that is no pattern' },
  inventory: { type: 'string', takes: 'FILE', says: 'an inventory of Ansible, INI or YAML' },
  group: { type: 'string', takes: 'GROUP', says: 'of the inventory, with its children; all when left out' },
  csv: { type: 'string', takes: 'FILE', says: 'a table: name,address and more (docs/cli.md)' },
  ...HOST_SETTINGS,
  'dry-run': { type: 'boolean', says: 'only shows what would be enrolled' },
  'skip-unusable': { type: 'boolean', says: 'enrols the others where some cannot be' },
  ...YES,
} as const satisfies Options;
