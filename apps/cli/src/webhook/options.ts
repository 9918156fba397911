import type { Options } from '../command-line/option.js';

export const ADD_OPTIONS = {
  event: {
    type: 'string',
    multiple: true,
    takes: 'TYPE',
    says: 'it is told of, such as rotation.blocked; everything when left out',
  },
  fleet: {
    type: 'string',
    multiple: true,
    takes: 'FLEET',
    says: 'it is told of this fleet; all when left out',
  },
  description: { type: 'string', takes: 'TEXT', says: 'for people' },
} as const satisfies Options;
