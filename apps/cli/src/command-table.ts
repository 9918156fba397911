import { API_KEY_COMMANDS } from './apikey/commands.js';
import type { Command } from './command-line/command.js';
import { completionCommands } from './completion/commands.js';
import { FLEET_COMMANDS } from './fleet/commands.js';
import { HOST_COMMANDS } from './host/commands.js';
import { LOCAL_COMMANDS } from './local/commands.js';
import { ROTATION_COMMANDS } from './rotation/commands.js';
import { SAMPLE_COMMANDS } from './sample/commands.js';
import { SCHEDULE_COMMANDS } from './schedule/commands.js';
import { WEBHOOK_COMMANDS } from './webhook/commands.js';

/** Every command: the program, its help and its completion know no other list. */
export function commandTable(): readonly Command[] {
  const table: readonly Command[] = [
    ...ROTATION_COMMANDS,
    ...FLEET_COMMANDS,
    ...HOST_COMMANDS,
    ...SAMPLE_COMMANDS,
    ...SCHEDULE_COMMANDS,
    ...API_KEY_COMMANDS,
    ...WEBHOOK_COMMANDS,
    ...LOCAL_COMMANDS,
  ];
  return [...table, ...completionCommands(() => commandTable())];
}
