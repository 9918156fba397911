import { apiCommand } from '../command-line/api-command.js';
import { REASON, YES } from '../command-line/option.js';
import { ADD_OPTIONS } from './options.js';

export const SCHEDULE_COMMANDS = [
  apiCommand({
    words: 'schedule list',
    section: 'fleets',
    operands: ['FLEET'],
    says: 'lists what a fleet does by itself',
    options: {},
    examples: ['windlass schedule list edge'],
    load: async () => (await import('./schedules.js')).listSchedules,
  }),
  apiCommand({
    words: 'schedule add',
    section: 'fleets',
    operands: ['FLEET'],
    says: 'rotates, refreshes CRLs or looks for drift by itself; says what comes of it',
    about: 'More: docs/schedules.md.',
    options: ADD_OPTIONS,
    examples: [
      'windlass schedule add edge --cron "0 2 * * *" --time-zone Europe/Berlin --days-left 30 --window "sat,sun 22:00-04:00"',
      'windlass schedule add edge --kind drift --cron "*/30 * * * *" --repair',
    ],
    load: async () => (await import('./add-schedule.js')).addSchedule,
  }),
  apiCommand({
    words: 'schedule pause',
    section: 'fleets',
    operands: ['FLEET', 'SCHEDULE'],
    says: 'stops a schedule until it is resumed',
    options: {},
    examples: ['windlass schedule pause edge 0193a1c0-7b3e-7000-8000-00000000c0de'],
    load: async () => (await import('./schedules.js')).pauseSchedule,
  }),
  apiCommand({
    words: 'schedule resume',
    section: 'fleets',
    operands: ['FLEET', 'SCHEDULE'],
    says: 'lets a schedule go on that was paused, or that suspended itself after a failure',
    options: REASON,
    examples: [
      'windlass schedule resume edge 0193a1c0-7b3e-7000-8000-00000000c0de --reason "edge-2 is back"',
    ],
    load: async () => (await import('./schedules.js')).resumeSchedule,
  }),
  apiCommand({
    words: 'schedule remove',
    section: 'fleets',
    operands: ['FLEET', 'SCHEDULE'],
    says: 'takes a schedule away',
    options: YES,
    examples: ['windlass schedule remove edge 0193a1c0-7b3e-7000-8000-00000000c0de --yes'],
    load: async () => (await import('./schedules.js')).removeSchedule,
  }),
];
