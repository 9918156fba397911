import { apiCommand } from '../command-line/api-command.js';
import { REASON } from '../command-line/option.js';
import {
  APPROVE_OPTIONS,
  DISTRUST_OPTIONS,
  GET_OPTIONS,
  REPLACE_OPTIONS,
  ROTATE_OPTIONS,
} from './options.js';
import { VERBS, type Verb } from './words.js';

const ROTATION = 'ROTATION is an id, or a fleet for its newest rotation.';
const EXITS = `Exit codes: 0 it goes on or succeeded, 1 an error, or it did not begin, 2 reverted, 3 it waits for a person.`;
const ID = '0193a1c0-7b3e-7000-8000-00000000c0de';
const ASKED = `In a terminal it shows the plan and asks before it starts.\n${EXITS}`;

const EXAMPLES: Readonly<Record<Verb, readonly string[]>> = {
  pause: ['windlass pause edge --reason "the shop opens"'],
  resume: [`windlass resume ${ID}`],
  abort: ['windlass abort edge --reason "another day"'],
  retry: ['windlass retry edge'],
  override: ['windlass override edge --reason "the last user is gone"'],
  approve: ['windlass approve edge', 'windlass approve edge --digest 5f3c...'],
};

const verbs = (Object.keys(VERBS) as Verb[]).map((verb) =>
  apiCommand({
    words: verb,
    section: 'rotations',
    operands: ['ROTATION'],
    says: VERBS[verb].says,
    about: `${ROTATION} What has changed since it was read is refused.`,
    options: verb === 'approve' ? APPROVE_OPTIONS : VERBS[verb].reason ? REASON : {},
    examples: EXAMPLES[verb],
    load: async () => (await import('./tell-rotation.js')).tellRotation(verb),
  }),
);

export const ROTATION_COMMANDS = [
  apiCommand({
    words: 'rotate',
    section: 'rotations',
    operands: ['FLEET'],
    says: 'starts a rotation',
    about: ASKED,
    options: ROTATE_OPTIONS,
    examples: [
      'windlass rotate edge --plan',
      'windlass rotate edge --reason "the CA ends in May" --watch',
      'windlass rotate edge --strategy sync --yes --watch',
    ],
    load: async () => (await import('./start-rotation.js')).rotate,
  }),
  apiCommand({
    words: 'replace',
    section: 'rotations',
    operands: ['FLEET'],
    says: 'starts a rotation to a bundle of yours, in one step',
    about: `For a fleet whose clients are switched by other means: docs/strategies.md. ${ASKED}`,
    options: REPLACE_OPTIONS,
    examples: ['windlass replace edge --bundle new-ca.pem --reason "moved to the new PKI" --watch'],
    load: async () => (await import('./start-rotation.js')).replace,
  }),
  apiCommand({
    words: 'distrust',
    section: 'rotations',
    operands: ['FLEET'],
    says: 'takes CAs out of the trust of a fleet at once; there is no way back by itself',
    about: `For a CA whose key is known to others. In a terminal it has the name of the fleet typed; in a pipe it needs --yes.\n${EXITS}`,
    options: DISTRUST_OPTIONS,
    examples: [
      'windlass distrust edge',
      'windlass distrust edge --anchors 3f:a0:... --reason "the key leaked" --watch',
    ],
    load: async () => (await import('./distrust.js')).distrust,
  }),
  apiCommand({
    words: 'get',
    section: 'rotations',
    operands: ['ROTATION'],
    says: 'shows a rotation as a tree of waves and hosts',
    about: `${ROTATION}\n${EXITS}`,
    options: GET_OPTIONS,
    examples: ['windlass get edge --watch', `windlass get ${ID} -o json`],
    load: async () => (await import('./show-rotation.js')).getRotation,
  }),
  apiCommand({
    words: 'explain',
    section: 'rotations',
    operands: ['ROTATION'],
    says: 'says what a rotation does, why, on which host, and what to do next',
    about: ROTATION,
    options: {},
    examples: ['windlass explain edge'],
    load: async () => (await import('./show-rotation.js')).explainRotation,
  }),
  apiCommand({
    words: 'rotations',
    section: 'rotations',
    operands: ['[FLEET]'],
    says: 'lists the rotations, newest first',
    options: {},
    examples: ['windlass rotations', 'windlass rotations edge'],
    load: async () => (await import('./show-rotation.js')).listRotations,
  }),
  apiCommand({
    words: 'postmortem',
    section: 'rotations',
    operands: ['ROTATION'],
    says: 'prints what became of a rotation as Markdown, to paste into an incident',
    about: ROTATION,
    options: {},
    examples: ['windlass postmortem edge > incident.md'],
    load: async () => (await import('./postmortem.js')).postmortem,
  }),
  ...verbs,
  apiCommand({
    words: 'decommission',
    section: 'rotations',
    operands: ['ROTATION', 'HOST'],
    says: 'gives up a host that will not come back, so that the rotation can go on without it',
    about: `${ROTATION} It comes back only by a rotation of the strategy sync.`,
    options: REASON,
    examples: ['windlass decommission edge edge-2 --reason "its disk is dead"'],
    load: async () => (await import('./tell-rotation.js')).decommission,
  }),
];
