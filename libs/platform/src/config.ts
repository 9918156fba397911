import { join, resolve } from 'node:path';
import { z } from 'zod';
import { PortError, Secret } from '#engine';
import { OIDC_VARIABLES, type OidcSettings, oidcFaults, oidcSettings } from './oidc-settings.js';

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** What the processes need to know from outside. Secrets print as `[secret]`. */
export interface Config {
  /** Null: the embedded PostgreSQL in {@link dataDir}. */
  readonly databaseUrl: Secret | null;
  /** Null: the queue lives in PostgreSQL. */
  readonly redisUrl: Secret | null;
  /** Absolute. Holds the embedded PostgreSQL and the generated master key. */
  readonly dataDir: string;
  readonly postgresDir: string;
  readonly masterKeyFile: string;
  readonly host: string;
  readonly port: number;
  readonly adminKey: Secret | null;
  /** Null: API keys are the only way in. */
  readonly oidc: OidcSettings | null;
  readonly rates: Rates;
  readonly masterKey: Secret | null;
  readonly logLevel: LogLevel;
  /** Wake-ups that one worker handles at once. */
  readonly workerConcurrency: number;
  /** Seconds that the API goes on serving after SIGTERM, while /readyz says that it is about to stop. */
  readonly drainSeconds: number;
  /** Days that what ended rotations need no more is kept. */
  readonly retentionDays: number;
  /** CIDR ranges beside the internet that webhooks may be sent to. */
  readonly webhookAllowedRanges: readonly string[];
}

/** How much one process of the API takes in one minute before it answers 429. */
export interface Rates {
  /** Of one actor. */
  readonly requests: number;
  /** Without a good key or token, from one address. */
  readonly refusals: number;
}

const perMinute = z
  .string()
  .regex(/^[1-9]\d{0,6}$/, 'must be a number of requests a minute, from 1 to 9999999')
  .transform(Number);

const RANGE = z.union([z.cidrv4(), z.cidrv6()]);

/** Messages say what is expected, never what was found: a mistyped variable may hold a secret. */
const VARIABLES = z.object({
  ...OIDC_VARIABLES,
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/, error: 'must be postgresql://user:password@host:port/database' })
    .optional(),
  REDIS_URL: z
    .url({ protocol: /^rediss?$/, error: 'must be redis://host:port or rediss://host:port' })
    .optional(),
  WINDLASS_DATA_DIR: z.string().default('.windlass'),
  HOST: z.string().default('127.0.0.1'),
  PORT: z
    .string()
    .regex(/^\d{1,5}$/, 'must be a port from 0 to 65535')
    .transform(Number)
    .refine((port) => port <= 65_535, 'must be a port from 0 to 65535')
    .default(8080),
  WINDLASS_ADMIN_KEY: z.string().min(32, 'must have 32 characters at least').optional(),
  WINDLASS_RATE_LIMIT: perMinute.default(6_000),
  WINDLASS_REFUSAL_LIMIT: perMinute.default(300),
  WINDLASS_MASTER_KEY: z
    .string()
    .refine(
      (text) => Buffer.from(text, 'base64').length === 32,
      'must be 32 bytes in base64: openssl rand -base64 32',
    )
    .optional(),
  LOG_LEVEL: z.enum(LOG_LEVELS, { error: `must be one of ${LOG_LEVELS.join(', ')}` }).default('info'),
  WORKER_CONCURRENCY: z
    .string()
    .regex(/^[1-9]\d{0,3}$/, 'must be a number from 1 to 9999')
    .transform(Number)
    .default(8),
  WINDLASS_DRAIN_SECONDS: z
    .string()
    .regex(/^([0-9]|[1-9]\d|[12]\d\d|300)$/, 'must be seconds from 0 to 300')
    .transform(Number)
    .default(0),
  WINDLASS_RETENTION_DAYS: z
    .string()
    .regex(/^[1-9]\d{0,3}$/, 'must be days from 1 to 9999')
    .transform(Number)
    .default(90),
  WINDLASS_WEBHOOK_ALLOWED_RANGES: z
    .string()
    .transform((text) => text.split(',').map((range) => range.trim()))
    .refine(
      (ranges) => ranges.every((range) => RANGE.safeParse(range).success),
      'must be ranges such as 10.0.0.0/8,fd00::/8',
    )
    .default([]),
});

/**
 * Reads the environment. Throws PortError `config.invalid` that names every variable at fault at once. An
 * empty variable counts as not set.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>, cwd = process.cwd()): Config {
  const set = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = VARIABLES.safeParse(set);
  if (!parsed.success) {
    throw invalid(parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message })));
  }
  const found = parsed.data;
  const faults = oidcFaults(found);
  if (faults.length > 0) throw invalid(faults);
  const dataDir = resolve(cwd, found.WINDLASS_DATA_DIR);
  return {
    databaseUrl: secret(found.DATABASE_URL),
    redisUrl: secret(found.REDIS_URL),
    dataDir,
    postgresDir: join(dataDir, 'postgres'),
    masterKeyFile: join(dataDir, 'master.key'),
    host: found.HOST,
    port: found.PORT,
    adminKey: secret(found.WINDLASS_ADMIN_KEY),
    oidc: oidcSettings(found),
    rates: { requests: found.WINDLASS_RATE_LIMIT, refusals: found.WINDLASS_REFUSAL_LIMIT },
    masterKey: secret(found.WINDLASS_MASTER_KEY),
    logLevel: found.LOG_LEVEL,
    workerConcurrency: found.WORKER_CONCURRENCY,
    drainSeconds: found.WINDLASS_DRAIN_SECONDS,
    retentionDays: found.WINDLASS_RETENTION_DAYS,
    webhookAllowedRanges: found.WINDLASS_WEBHOOK_ALLOWED_RANGES,
  };
}

function secret(text: string | undefined): Secret | null {
  return text === undefined ? null : new Secret(text);
}

function invalid(found: readonly { readonly path: string; readonly message: string }[]): PortError {
  const faults = found.map(({ path, message }) => `${path} ${message}`);
  return new PortError({
    code: 'config.invalid',
    message: `The environment is not usable: ${faults.join('; ')}.`,
    nextStep: 'Correct the variables named and start again.',
  });
}
