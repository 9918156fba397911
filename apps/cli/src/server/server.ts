import { readFileSync } from 'node:fs';
import { type ApiClient, ApiProblem, connect } from '#api-client';
import type { Environment } from '../command-line/desk.js';
import { readConfiguration, refuseReadable } from './config-file.js';
import { type Asked, type Settings, settingsFor } from './settings.js';

/** Throws RangeError that says what is missing, and what to do. */
export async function clientFor(asked: Asked, env: Environment): Promise<ApiClient> {
  const { url, key, caFile } = settingsFor(asked, env, await readConfiguration(env));
  const connection = { url, key: keyText(key) };
  if (caFile === null) return connect(connection);
  const { fetchTrusting } = await import('./trusting-fetch.js');
  return connect({ ...connection, fetch: fetchTrusting(textOf(caFile, 'the file of the CA')) });
}

function keyText(key: Settings['key']): string {
  if (key === null) {
    throw new RangeError(
      'no API key: set WINDLASS_API_KEY or WINDLASS_API_KEY_FILE; the first start of the API printed one',
    );
  }
  if ('text' in key) return key.text;
  const text = textOf(key.file, 'the file of the API key').trim();
  if (key.private) refuseReadable(key.file);
  return text;
}

function textOf(file: string, what: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new RangeError(`${what} cannot be read: ${(error as Error).message}`);
  }
}

/** The body of a reply: the client rejects with whatever is none. */
export function given<Body>(data: Body | undefined): Body {
  if (data === undefined) throw new Error('the API gave a reply without what was asked for');
  return data;
}

/** What went wrong, for people: what the API says and the next step, or why it could not be asked. */
export function describeFailure(error: unknown): string {
  if (error instanceof ApiProblem) return error.message + fieldsOf(error);
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? `: ${error.cause.message}` : '';
  if (error.message !== 'fetch failed') return `${error.message}${cause}`;
  return `the API gives no answer${cause}. Check --server or WINDLASS_SERVER, and that the API runs.`;
}

/** What is wrong with each field, as far as the detail does not say it. */
function fieldsOf({ problem }: ApiProblem): string {
  const faults = (problem.errors ?? []).filter(({ detail }) => !problem.detail.includes(detail));
  return faults
    .map(({ pointer, parameter, detail }) => `\n  ${pointer ?? parameter ?? ''} ${detail}`)
    .join('');
}
