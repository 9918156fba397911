import type { Environment } from '../command-line/desk.js';
import type { Configuration, Context } from './config-file.js';

const DEFAULT_SERVER = 'http://127.0.0.1:8080';

/** What the command line says. */
export interface Asked {
  readonly server?: string | undefined;
  readonly context?: string | undefined;
}

/** Which API is talked to, and as whom. */
export interface Settings {
  /** Without a path. */
  readonly url: string;
  /** Null: there is none. `private`: nobody else may read the file. */
  readonly key: { readonly text: string } | { readonly file: string; readonly private: boolean } | null;
  readonly caFile: string | null;
}

/**
 * The command line goes before the environment, and the environment before the file. The key of a context is for its
 * own server and for no other. Throws RangeError that says what is wrong. Pure.
 */
export function settingsFor(asked: Asked, env: Environment, configuration: Configuration): Settings {
  const context = contextFor(asked, env, configuration);
  const isNamed = asked.context !== undefined;
  const servers = isNamed ? [context?.server] : [env.WINDLASS_SERVER, context?.server];
  const url = originOf([asked.server, ...servers].find(Boolean) ?? DEFAULT_SERVER);
  const own = context !== null && originOf(context.server) === url ? context : null;
  const keys = isNamed ? [keyOf(own), keyIn(env)] : [keyIn(env), keyOf(own)];
  const caFile = (isNamed ? own?.caFile : undefined) ?? (env.WINDLASS_CA_FILE || own?.caFile) ?? null;
  return { url, key: keys.find((key) => key !== null) ?? null, caFile };
}

function contextFor(
  { context }: Asked,
  { WINDLASS_CONTEXT }: Environment,
  { current, contexts }: Configuration,
): Context | null {
  const name = context ?? (WINDLASS_CONTEXT || current);
  if (name === null) return null;
  const found = contexts.find((one) => one.name === name);
  if (found) return found;
  const names = contexts.map((one) => one.name).join(', ');
  throw new RangeError(
    `there is no context "${name}"; there ${names === '' ? 'are none yet' : `are ${names}`}`,
  );
}

function originOf(url: string): string {
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return new URL(url).origin;
  throw new RangeError(`the server must be an address such as https://windlass.example, not "${url}"`);
}

function keyOf(context: Context | null): Settings['key'] {
  if (context?.key !== undefined) return { text: context.key };
  return context?.keyFile === undefined ? null : { file: context.keyFile, private: true };
}

function keyIn({ WINDLASS_API_KEY: text, WINDLASS_API_KEY_FILE: file }: Environment): Settings['key'] {
  if (text) return { text };
  return file ? { file, private: false } : null;
}
