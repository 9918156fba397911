import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import type { INestApplication } from '@nestjs/common';
import supertest from 'supertest';
import { type Measure, Secret } from '#engine';
import { type Installation, openInstallation } from '#installation';
import { startTestPostgres } from '#kit';
import { createLogger, generateApiKey, type OidcSettings, projectPath, type Rates } from '#platform';
import { createApi } from '../../apps/api/src/api.js';

/** One reply, as it went over the wire. */
export interface Reply {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects, and fails where that is not there.
  readonly body: any;
}

/** What is sent beside the path; the admin key goes along unless `key` says otherwise. */
export interface Sent {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Null: none. */
  readonly key?: string | null;
}

/** The API over a database of its own, listening on loopback, with everything that it ever said. */
export interface RunningApi {
  readonly app: INestApplication;
  readonly installation: Installation;
  readonly databaseUrl: string;
  readonly url: string;
  readonly adminKey: string;
  readonly masterKey: Secret;
  /** Every reply so far. */
  readonly replies: readonly Reply[];
  /** Every line of the log so far. */
  readonly logLines: readonly string[];
  call(
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD',
    path: string,
    sent?: Sent,
  ): Promise<Reply>;
  stop(): Promise<void>;
}

export interface ApiOptions {
  /** The queue lives in this Redis; in PostgreSQL when left out. */
  readonly redisUrl?: string;
  /** The socket of the SSH agent that logs in to hosts without a key of their own. */
  readonly sshAgent?: string;
  /** More than any test sends when left out. */
  readonly rates?: Rates;
  readonly oidc?: OidcSettings;
  /** Beside the internet; none when left out. */
  readonly webhookAllowedRanges?: readonly string[];
  /** Whether it serves the console, which must have been built. */
  readonly console?: boolean;
  /** Where it lies, in place of where the build leaves it. */
  readonly consoleFolder?: string;
  /** Told of what happens in this process. */
  readonly measure?: Measure;
}

const ANY_RATE: Rates = { requests: 1_000_000, refusals: 1_000_000 };

export async function runApi({
  redisUrl,
  sshAgent,
  rates = ANY_RATE,
  oidc,
  webhookAllowedRanges = [],
  console = false,
  consoleFolder = console ? projectPath('dist/apps/console') : undefined,
  measure,
}: ApiOptions = {}): Promise<RunningApi> {
  const postgres = await startTestPostgres();
  const logLines: string[] = [];
  const log = createLogger('windlass-test', 'trace', { write: (line: string) => void logLines.push(line) });
  const config = { redisUrl: redisUrl ? new Secret(redisUrl) : null, masterKeyFile: '', postgresDir: '' };
  const masterKey = new Secret(randomBytes(32).toString('base64'));
  const installation = await openInstallation(
    {
      ...{ ...config, masterKey, webhookAllowedRanges, databaseUrl: new Secret(postgres.url) },
      ...(sshAgent === undefined ? {} : { sshAgent }),
    },
    log,
    measure === undefined ? {} : { measure },
  );
  const adminKey = generateApiKey();
  await installation.records.apiKeys.ensureAdminKey(adminKey);
  const app = await createApi(installation, {
    ...{ log, rates, oidc: oidc ?? null },
    ...(consoleFolder === undefined ? {} : { consoleFolder }),
  });
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const replies: Reply[] = [];
  return {
    ...{ app, installation, databaseUrl: postgres.url, url, adminKey, masterKey, replies, logLines },
    call: async (method, path, sent = {}) => {
      const reply = await call(url, adminKey, method, path, sent);
      replies.push(reply);
      return reply;
    },
    stop: async () => {
      await app.close();
      await installation.close();
      await postgres.close();
    },
  };
}

async function call(
  url: string,
  adminKey: string,
  method: string,
  path: string,
  { body, headers = {}, key = adminKey }: Sent,
): Promise<Reply> {
  const verb = method.toLowerCase() as 'get';
  let request = supertest(url)[verb](path).redirects(0).buffer(true);
  if (key !== null) request = request.set('Authorization', `Bearer ${key}`);
  if (body !== undefined) request = request.set('Content-Type', 'application/json');
  request = request.set(headers);
  const text = typeof body === 'string' || body === undefined ? body : JSON.stringify(body);
  const response = await (text === undefined ? request : request.send(text));
  return {
    ...{ method, path: path.split('?', 1)[0] ?? '', status: response.status, headers: response.headers },
    text: response.text ?? '',
    body: /\bjson\b/.test(response.headers['content-type'] ?? '')
      ? JSON.parse(response.text || 'null')
      : null,
  };
}
