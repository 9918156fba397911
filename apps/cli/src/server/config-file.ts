import { readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import type { Environment } from '../command-line/desk.js';

/** One API, and who one is there. */
export interface Context {
  readonly name: string;
  readonly server: string;
  readonly key?: string;
  /** Absolute. */
  readonly keyFile?: string;
  /** Absolute; CAs in PEM that the server's certificate is held against, and no others. */
  readonly caFile?: string;
}

export interface Configuration {
  readonly current: string | null;
  readonly contexts: readonly Context[];
}

const NOTHING: Configuration = { current: null, contexts: [] };
const FIELDS = ['name', 'server', 'key', 'keyFile', 'caFile'] as const;

/** `WINDLASS_CONFIG`, else `windlass/config.yaml` where XDG's Base Directory Specification has it. */
export function configPath(env: Environment): string {
  const home = env.HOME || homedir();
  return (
    env.WINDLASS_CONFIG ||
    path.join(env.XDG_CONFIG_HOME || path.join(home, '.config'), 'windlass/config.yaml')
  );
}

/** Without a file there are no contexts. Throws RangeError that names the file, the place in it and what to do. */
export async function readConfiguration(env: Environment): Promise<Configuration> {
  const file = configPath(env);
  const text = textOf(file, Boolean(env.WINDLASS_CONFIG));
  if (text === null) return NOTHING;
  const { parse } = await import('yaml');
  const configuration = told(file, () =>
    configurationIn(parse(text), path.dirname(file), env.HOME || homedir()),
  );
  if (configuration.contexts.some(({ key }) => key !== undefined)) refuseReadable(file);
  return configuration;
}

/** Throws RangeError where others than its owner may read a file that holds a key. */
export function refuseReadable(file: string): void {
  const mode = statSync(file).mode & 0o777;
  if ((mode & 0o077) === 0) return;
  throw new RangeError(
    `${file} holds an API key and others may read it (mode ${mode.toString(8)}): chmod 600 ${file}`,
  );
}

function textOf(file: string, mustBeThere: boolean): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (!mustBeThere && (error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new RangeError(`the configuration cannot be read: ${(error as Error).message}`);
  }
}

function told<Value>(file: string, read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    throw new RangeError(`${file}: ${(error as Error).message}`);
  }
}

/** Throws RangeError. Pure. */
export function configurationIn(value: unknown, folder: string, home: string): Configuration {
  if (value === null) return NOTHING;
  const { current = null, contexts = [], ...others } = recordIn(value, 'it');
  const [stray] = Object.keys(others);
  if (stray !== undefined) throw new RangeError(`"${stray}" is not known: it takes current and contexts`);
  if (current !== null && typeof current !== 'string')
    throw new RangeError('current must be the name of a context');
  if (!Array.isArray(contexts)) throw new RangeError('contexts must be a list');
  const read = contexts.map((one, place) =>
    contextIn(one, `contexts[${place}]`, (file) => at(file, folder, home)),
  );
  return { current, contexts: read };
}

function contextIn(value: unknown, where: string, absolute: (file: string) => string): Context {
  const given = recordIn(value, where);
  const stray = Object.keys(given).find((field) => !FIELDS.some((one) => one === field));
  if (stray !== undefined)
    throw new RangeError(`${where}.${stray} is not known: it takes ${FIELDS.join(', ')}`);
  const text = (field: (typeof FIELDS)[number]): string | undefined => {
    const one = given[field];
    if (one === undefined || (typeof one === 'string' && one !== '')) return one;
    throw new RangeError(`${where}.${field} must be a text`);
  };
  const [name, server, key, keyFile, caFile] = [...FIELDS.map(text)];
  if (name === undefined || server === undefined)
    throw new RangeError(`${where} must have a name and a server`);
  if (key !== undefined && keyFile !== undefined) throw new RangeError(`${where} has both key and keyFile`);
  return {
    ...{ name, server },
    ...(key === undefined ? {} : { key }),
    ...(keyFile === undefined ? {} : { keyFile: absolute(keyFile) }),
    ...(caFile === undefined ? {} : { caFile: absolute(caFile) }),
  };
}

function recordIn(value: unknown, where: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw new RangeError(`${where} must be a mapping`);
}

function at(file: string, folder: string, home: string): string {
  return file.startsWith('~/') ? path.join(home, file.slice(2)) : path.resolve(folder, file);
}
