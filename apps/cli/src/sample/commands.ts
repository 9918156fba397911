import { apiCommand } from '../command-line/api-command.js';
import { YES } from '../command-line/option.js';
import { ADD_OPTIONS } from './options.js';

export const SAMPLE_COMMANDS = [
  apiCommand({
    words: 'sample list',
    section: 'fleets',
    operands: ['FLEET'],
    says: 'lists the sample clients of a fleet',
    options: {},
    examples: ['windlass sample list edge'],
    load: async () => (await import('./samples.js')).listSamples,
  }),
  apiCommand({
    words: 'sample add',
    section: 'fleets',
    operands: ['FLEET', 'NAME'],
    says: 'gives a fleet a client that must be accepted, or must be refused',
    about: 'Every rotation looks before it begins whether its sample clients would still get what they must.',
    options: ADD_OPTIONS,
    examples: [
      'windlass sample add edge billing --certificate billing.pem --key-file billing.key',
      'windlass sample add edge revoked --certificate revoked.pem --expect refused',
    ],
    load: async () => (await import('./samples.js')).addSample,
  }),
  apiCommand({
    words: 'sample remove',
    section: 'fleets',
    operands: ['FLEET', 'SAMPLE'],
    says: 'takes a sample client away; SAMPLE is a name or an id',
    options: YES,
    examples: ['windlass sample remove edge billing', 'windlass sample remove edge billing --yes'],
    load: async () => (await import('./samples.js')).removeSample,
  }),
];
