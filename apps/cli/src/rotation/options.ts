import { type Options, REASON, YES } from '../command-line/option.js';

const WATCH = {
  watch: {
    type: 'boolean',
    short: 'w',
    default: false,
    says: 'until it has ended; in a pipe also until it waits for a person',
  },
} as const;

/** Of everything that starts a rotation. */
const START = {
  ...REASON,
  plan: {
    type: 'boolean',
    default: false,
    says: 'shows what it would do and what would change, and starts nothing',
  },
  ...YES,
  ...WATCH,
} as const;

const TOGETHER = {
  with: {
    type: 'string',
    multiple: true,
    takes: 'FLEET',
    says: 'another fleet that trusts the same CA: they move together',
  },
} as const;

export const GET_OPTIONS = WATCH satisfies Options;

export const ROTATE_OPTIONS = {
  strategy: {
    ...{ type: 'string', default: 'overlap', takes: 'WORD', says: 'how' },
    oneOf: ['overlap', 'refresh', 'sync', 'rehearse'],
  },
  ...TOGETHER,
  ...START,
} as const satisfies Options;

export const REPLACE_OPTIONS = {
  bundle: { type: 'string', takes: 'FILE', says: 'what the fleet shall trust from then on' },
  retrust: {
    type: 'string',
    multiple: true,
    takes: 'HEX',
    says: 'a distrusted anchor that comes back; needs --reason',
  },
  ...START,
} as const satisfies Options;

export const DISTRUST_OPTIONS = {
  anchors: {
    type: 'string',
    multiple: true,
    takes: 'HEX,...',
    says: 'subject key identifiers of the CAs that go; without it, it says which there are',
  },
  ...TOGETHER,
  ...START,
} as const satisfies Options;

export const APPROVE_OPTIONS = {
  digest: { type: 'string', takes: 'HEX', says: 'of the change that was shown' },
} as const satisfies Options;
