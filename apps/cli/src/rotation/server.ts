import { readFileSync } from 'node:fs';
import { type ApiClient, ApiProblem, connect } from '#api-client';

export interface ServerValues {
  readonly server?: string | undefined;
}

/** Options of every command that talks to the API, in the words of `node:util` parseArgs. */
export const SERVER_OPTIONS = {
  server: { type: 'string' },
  output: { type: 'string', short: 'o', default: 'table' },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/** What every --help says of them. */
export const SERVER_HELP = `  --server URL          where the API listens; WINDLASS_SERVER, else http://127.0.0.1:8080
  -o, --output FORMAT   table (default), json or yaml

The API key comes from WINDLASS_API_KEY, or from the file that WINDLASS_API_KEY_FILE names: never from the command line,
which everybody on the machine can read.`;

type Environment = Readonly<Record<string, string | undefined>>;

/** Throws RangeError that says what is missing, and what to do. */
export function clientFor({ server }: ServerValues, env: Environment): ApiClient {
  const url = server ?? env.WINDLASS_SERVER ?? 'http://127.0.0.1:8080';
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new RangeError(`the server must be an address such as https://windlass.example, not "${url}"`);
  }
  return connect({ url: new URL(url).origin, key: keyIn(env) });
}

function keyIn({ WINDLASS_API_KEY: key, WINDLASS_API_KEY_FILE: file }: Environment): string {
  if (key) return key;
  if (!file) {
    throw new RangeError(
      'no API key: set WINDLASS_API_KEY or WINDLASS_API_KEY_FILE; the first start of the API printed one',
    );
  }
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new RangeError(`the file of the API key cannot be read: ${(error as Error).message}`);
  }
}

/** The body of a reply: the client rejects with whatever is none. */
export function given<Body>(data: Body | undefined): Body {
  if (data === undefined) throw new Error('the API gave a reply without what was asked for');
  return data;
}

/** What went wrong, for people: what the API says and the next step, or why it could not be asked. */
export function describeFailure(error: unknown): string {
  if (error instanceof ApiProblem) return error.message;
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? `: ${error.cause.message}` : '';
  if (error.message !== 'fetch failed') return `${error.message}${cause}`;
  return `the API gives no answer${cause}. Check --server or WINDLASS_SERVER, and that the API runs.`;
}
