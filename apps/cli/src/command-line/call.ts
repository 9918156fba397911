import type { parseArgs } from 'node:util';
import type { ApiClient } from '#api-client';
import type { Desk } from './desk.js';
import type { Options } from './option.js';

/** Options of every command that talks to the API. */
export const SERVER_OPTIONS = {
  server: {
    type: 'string',
    takes: 'URL',
    says: 'where the API listens; else WINDLASS_SERVER, else http://127.0.0.1:8080',
  },
  context: { type: 'string', takes: 'NAME', says: 'of the configuration file; else WINDLASS_CONTEXT' },
  output: {
    ...{ type: 'string', short: 'o', default: 'table', takes: 'FORMAT', says: 'one of' },
    oneOf: ['table', 'json', 'yaml'],
  },
  help: { type: 'boolean', short: 'h', says: 'this text' },
} as const satisfies Options;

/** The values that every such command has. */
export type ServerValues = ReturnType<typeof parseArgs<{ options: typeof SERVER_OPTIONS }>>['values'];

type Parsed<O extends Options> = ReturnType<typeof parseArgs<{ options: O }>>['values'] & ServerValues;

/** One call of a command to the API. */
export interface Call<O extends Options> {
  readonly values: Parsed<O>;
  /** One for each that the command takes; those that may be left out may be missing at the end. */
  readonly operands: readonly string[];
  readonly client: ApiClient;
  readonly desk: Desk;
  /** Prints it as it was asked for: as the API has it, or as `table` puts it. */
  readonly show: <Value>(value: Value, table: (value: Value) => string) => void;
}

/** Returns the exit code. */
export type Answer<O extends Options> = (call: Call<O>) => Promise<number>;
