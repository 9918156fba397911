import { apiCommand } from '../command-line/api-command.js';
import { YES } from '../command-line/option.js';
import { CREATE_OPTIONS } from './options.js';

export const API_KEY_COMMANDS = [
  apiCommand({
    words: 'apikey list',
    section: 'installation',
    says: 'lists the API keys, the revoked ones among them',
    options: {},
    examples: ['windlass apikey list'],
    load: async () => (await import('./api-keys.js')).listApiKeys,
  }),
  apiCommand({
    words: 'apikey create',
    section: 'installation',
    says: 'makes an API key, and prints it once',
    about:
      'The key alone goes to standard output, everything else to the other one: it is never shown again.',
    options: CREATE_OPTIONS,
    examples: [
      'windlass apikey create --role operator --label "deploy pipeline" --fleet edge --expires-in 90d > deploy.key',
    ],
    load: async () => (await import('./api-keys.js')).createApiKey,
  }),
  apiCommand({
    words: 'apikey revoke',
    section: 'installation',
    operands: ['KEY'],
    says: 'ends an API key at once; KEY is its id or label',
    options: YES,
    examples: ['windlass apikey revoke "deploy pipeline" --yes'],
    load: async () => (await import('./api-keys.js')).revokeApiKey,
  }),
];
