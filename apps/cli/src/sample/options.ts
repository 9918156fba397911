import type { Options } from '../command-line/option.js';

export const ADD_OPTIONS = {
  certificate: { type: 'string', takes: 'FILE', says: 'the client certificate, in PEM' },
  chain: { type: 'string', takes: 'FILE', says: 'what else the client sends: its intermediates, in PEM' },
  'key-file': {
    type: 'string',
    takes: 'FILE',
    says: 'its private key, and then every listener is asked with it; - for standard input',
  },
  expect: {
    type: 'string',
    default: 'accepted',
    takes: 'VERDICT',
    says: 'what it must get today',
    oneOf: ['accepted', 'refused'],
  },
} as const satisfies Options;
