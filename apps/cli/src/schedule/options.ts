import type { Options } from '../command-line/option.js';

export const ADD_OPTIONS = {
  kind: {
    type: 'string',
    default: 'rotate',
    takes: 'WORD',
    says: 'what it does',
    oneOf: ['rotate', 'drift', 'refresh'],
  },
  cron: { type: 'string', takes: 'PATTERN', says: 'when it looks, such as "0 2 * * *"' },
  'time-zone': {
    type: 'string',
    default: 'UTC',
    takes: 'ZONE',
    says: 'for the pattern and the windows, such as Europe/Berlin',
  },
  'days-left': {
    type: 'string',
    takes: 'N',
    says: 'it rotates with at most so many days left of the CA (refresh: of a CRL)',
  },
  'hours-left': { type: 'string', takes: 'N', says: 'it rotates with at most so many hours left' },
  'lifetime-percent': { type: 'string', takes: 'N', says: 'it rotates when so much of the lifetime is over' },
  'each-time': { type: 'boolean', says: 'it rotates at each time of the pattern' },
  window: {
    type: 'string',
    multiple: true,
    takes: 'WINDOW',
    says: 'when it may start something, such as "sat,sun 22:00-04:00" or "mon-fri 01:00-05:00"',
  },
  jitter: { type: 'string', takes: 'TIME', says: 'each tick comes up to so much later, such as 30m' },
  repair: { type: 'boolean', says: 'drift: puts right what it finds' },
} as const satisfies Options;
