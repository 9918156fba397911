import { apiCommand } from '../command-line/api-command.js';
import { YES } from '../command-line/option.js';
import { ADD_OPTIONS } from './options.js';

export const WEBHOOK_COMMANDS = [
  apiCommand({
    words: 'webhook list',
    section: 'installation',
    says: 'lists who is told of what',
    options: {},
    examples: ['windlass webhook list'],
    load: async () => (await import('./webhooks.js')).listWebhooks,
  }),
  apiCommand({
    words: 'webhook add',
    section: 'installation',
    operands: ['URL'],
    says: 'tells URL of events, and prints once the secret that they are signed with',
    about:
      'The secret alone goes to standard output, everything else to the other one. Event types: docs/webhooks.md.',
    options: ADD_OPTIONS,
    examples: [
      'windlass webhook add https://hooks.example/windlass --event rotation.blocked --fleet edge > secret',
    ],
    load: async () => (await import('./add-webhook.js')).addWebhook,
  }),
  apiCommand({
    words: 'webhook remove',
    section: 'installation',
    operands: ['WEBHOOK'],
    says: 'tells it nothing more; WEBHOOK is an id or a URL',
    options: YES,
    examples: ['windlass webhook remove https://hooks.example/windlass --yes'],
    load: async () => (await import('./webhooks.js')).removeWebhook,
  }),
  apiCommand({
    words: 'webhook test',
    section: 'installation',
    operands: ['WEBHOOK'],
    says: 'sends it an event that means nothing',
    options: {},
    examples: ['windlass webhook test https://hooks.example/windlass'],
    load: async () => (await import('./webhooks.js')).testWebhook,
  }),
  apiCommand({
    words: 'webhook deliveries',
    section: 'installation',
    operands: ['WEBHOOK'],
    says: 'lists what was sent to it lately, and what came of it',
    options: {},
    examples: ['windlass webhook deliveries https://hooks.example/windlass'],
    load: async () => (await import('./webhooks.js')).listDeliveries,
  }),
];
