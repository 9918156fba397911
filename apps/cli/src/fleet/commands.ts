import { apiCommand } from '../command-line/api-command.js';
import { ADD_OPTIONS } from './options.js';

export const FLEET_COMMANDS = [
  apiCommand({
    words: 'fleet list',
    aliases: ['fleets'],
    section: 'fleets',
    says: 'lists the fleets',
    options: {},
    examples: ['windlass fleet list', 'windlass fleets -o json | jq -r ".[].name"'],
    load: async () => (await import('./show-fleets.js')).listFleets,
  }),
  apiCommand({
    words: 'fleet get',
    section: 'fleets',
    operands: ['FLEET'],
    says: 'shows one fleet: its generation, its CA, its settings',
    about: 'FLEET is a name or an id, here and everywhere.',
    options: {},
    examples: ['windlass fleet get edge', 'windlass fleet get edge -o yaml'],
    load: async () => (await import('./show-fleets.js')).getFleet,
  }),
  apiCommand({
    words: 'fleet add',
    section: 'fleets',
    operands: ['[NAME]'],
    says: 'records a fleet with its CA and the bundle that it serves',
    about: `Hosts come behind it: windlass host add, windlass host import. Secrets are read from files or from standard input, and
never from the command line. What has no option of its own is in a file with the fields that the API has (docs/api.md):
NAME, --bundle and the other options go before what is in it.`,
    options: ADD_OPTIONS,
    examples: [
      'windlass fleet add edge --bundle client-ca.pem --vault-address https://vault.example:8200 --vault-role clients \\',
      '    --vault-token-file ~/.vault-token --soak 7d',
      'pass vault/secret-id | windlass fleet add edge --bundle client-ca.pem --vault-address https://vault.example:8200 \\',
      '    --vault-role clients --vault-role-id 8f2a... --vault-secret-id-file -',
      'windlass fleet add -f edge.yaml',
    ],
    load: async () => (await import('./add-fleet.js')).addFleet,
  }),
  apiCommand({
    words: 'drift',
    section: 'fleets',
    operands: ['FLEET'],
    says: 'asks every host whether it is as recorded; ends with 1 where one is not',
    options: {},
    examples: ['windlass drift edge', 'windlass drift edge -o json || windlass rotate edge --strategy sync'],
    load: async () => (await import('./show-drift.js')).showDrift,
  }),
  apiCommand({
    words: 'crls',
    section: 'fleets',
    operands: ['FLEET'],
    says: 'lists the trust anchors of a fleet and their CRLs',
    options: {},
    examples: ['windlass crls edge'],
    load: async () => (await import('./show-trust.js')).showCrls,
  }),
  apiCommand({
    words: 'clients',
    section: 'fleets',
    operands: ['FLEET'],
    says: 'lists who came with whose certificate, and when last',
    about:
      'Read from the client log of each host. A host that reports nothing is named: nobody knows who uses it.',
    options: {},
    examples: [
      'windlass clients edge',
      'windlass clients edge -o json | jq -r ".items[].issuer" | sort | uniq -c',
    ],
    load: async () => (await import('./show-trust.js')).showClients,
  }),
];
