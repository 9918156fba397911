import type { Options } from '../command-line/option.js';

export const CREATE_OPTIONS = {
  role: {
    type: 'string',
    takes: 'ROLE',
    says: 'what it may do',
    oneOf: ['viewer', 'operator', 'approver', 'admin'],
  },
  label: { type: 'string', takes: 'TEXT', says: 'whose it is: what it does is on record under it' },
  fleet: { type: 'string', multiple: true, takes: 'FLEET', says: 'it is for this fleet alone' },
  'expires-in': {
    type: 'string',
    takes: 'TIME',
    says: 'how long it is good, such as 90d; for ever when left out',
  },
  subject: { type: 'string', takes: 'SUB', says: 'the person at the OpenID issuer whom it belongs to' },
} as const satisfies Options;
