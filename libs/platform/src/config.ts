import { join, posix, resolve } from 'node:path';
import { z } from 'zod';
import { PortError, Secret } from '#engine';
import { OIDC_VARIABLES, type OidcSettings, oidcFaults, oidcSettings } from './oidc-settings.js';
import { FILED_VARIABLES, type VariableFault, withSecretFiles } from './secret-files.js';
import type { TracingSettings } from './tracing/running-tracing.js';
import { TRACING_VARIABLES, tracingFaults, tracingIn } from './tracing/tracing-variables.js';
import { TRANSIT_VARIABLES, type TransitConfig, transitFaults, transitIn } from './transit-config.js';

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** What the processes need to know from outside. Secrets print as `[secret]`. */
export interface Config {
  /** Null: the embedded PostgreSQL in {@link dataDir}. */
  readonly databaseUrl: Secret | null;
  /** Null: the queue lives in PostgreSQL. */
  readonly redisUrl: Secret | null;
  /** Absolute. Holds the embedded PostgreSQL and, where none is named, the file of the master key. */
  readonly dataDir: string;
  readonly postgresDir: string;
  /** Absolute. */
  readonly masterKeyFile: string;
  /** Whether a master key may be made where there is none: for demos, not for what must be opened again. */
  readonly generatesMasterKey: boolean;
  /** Keys that sealed before {@link masterKey}, and open still. */
  readonly oldMasterKeys: readonly Secret[];
  /** Absolute. */
  readonly oldMasterKeyFiles: readonly string[];
  /** What wraps the master keys, or null where there is one key that is given. */
  readonly transit: TransitConfig | null;
  /** Whether a key or a file of one is named: beside {@link transit} it is what seals. */
  readonly namesMasterKey: boolean;
  readonly host: string;
  readonly port: number;
  readonly adminKey: Secret | null;
  /** Null: API keys are the only way in. */
  readonly oidc: OidcSettings | null;
  readonly rates: Rates;
  readonly masterKey: Secret | null;
  /** The socket of the SSH agent of this process, or null. */
  readonly sshAgent: string | null;
  /** CIDR: where probes may go beside the hosts that are enrolled. */
  readonly probeRanges: readonly string[];
  /** Folders on the hosts in which bundles may lie. Absolute. */
  readonly managedFolders: readonly string[];
  /** Folders on the hosts in which access logs may lie. Absolute. */
  readonly logFolders: readonly string[];
  readonly logLevel: LogLevel;
  readonly tracing: TracingSettings;
  /** Wake-ups that one worker handles at once. */
  readonly workerConcurrency: number;
  /** Seconds that the API goes on serving after SIGTERM, while /readyz says that it is about to stop. */
  readonly drainSeconds: number;
  /** Days that what ended rotations need no more is kept. */
  readonly retentionDays: number;
  /** CIDR ranges beside the internet that webhooks may be sent to. */
  readonly webhookAllowedRanges: readonly string[];
  /** Where the worker serves what it counts; the port is null where it does not. */
  readonly metrics: { readonly host: string; readonly port: number | null };
}

const KEY_FAULT = 'must be 32 bytes in base64: openssl rand -base64 32';

const masterKey = z.string().refine((text) => Buffer.from(text, 'base64').length === 32, KEY_FAULT);

/** Words between commas, with no empty ones. */
const list = z
  .string()
  .default('')
  .transform((text) => text.split(',').map((word) => word.trim()))
  .transform((words) => words.filter((word) => word !== ''));

const cidr = z.union([z.cidrv4(), z.cidrv6()], {
  error: 'must be CIDR ranges between commas, such as 10.20.0.0/16,fd00:20::/32',
});

const folder = z
  .string()
  .refine(
    (path) => path.startsWith('/') && posix.normalize(path) === path,
    'must be absolute paths of folders between commas, such as /etc,/opt/nginx',
  );

/** Where nginx and its files lie, and nothing that it is root's alone to read. */
export const DEFAULT_FOLDERS = {
  managedFolders: ['/etc', '/opt', '/srv', '/usr/local', '/var/lib', '/var/opt', '/home'],
  logFolders: ['/var/log', '/opt', '/srv', '/usr/local'],
} as const;

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

const port = z
  .string()
  .regex(/^\d{1,5}$/, 'must be a port from 0 to 65535')
  .transform(Number)
  .refine((number) => number <= 65_535, 'must be a port from 0 to 65535');

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
  PORT: port.default(8080),
  WINDLASS_ADMIN_KEY: z.string().min(32, 'must have 32 characters at least').optional(),
  WINDLASS_RATE_LIMIT: perMinute.default(6_000),
  WINDLASS_REFUSAL_LIMIT: perMinute.default(300),
  WINDLASS_MASTER_KEY: masterKey.optional(),
  WINDLASS_MASTER_KEY_FILE: z.string().optional(),
  WINDLASS_GENERATE_MASTER_KEY: z
    .enum(['0', '1'], { error: 'must be 1, or 0 for no' })
    .default('0')
    .transform((text) => text === '1'),
  WINDLASS_OLD_MASTER_KEYS: list.pipe(z.array(masterKey)),
  WINDLASS_OLD_MASTER_KEY_FILES: list,
  ...TRANSIT_VARIABLES,
  ...TRACING_VARIABLES,
  SSH_AUTH_SOCK: z.string().optional(),
  WINDLASS_PROBE_RANGES: list.pipe(z.array(cidr)),
  WINDLASS_MANAGED_FOLDERS: list.pipe(z.array(folder)),
  WINDLASS_LOG_FOLDERS: list.pipe(z.array(folder)),
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
  WINDLASS_WEBHOOK_ALLOWED_RANGES: list.pipe(z.array(cidr)),
  WINDLASS_METRICS_HOST: z.string().default('127.0.0.1'),
  WINDLASS_METRICS_PORT: port.optional(),
});

/** Every variable that {@link readConfig} reads. */
export const CONFIG_VARIABLES: readonly string[] = [
  ...Object.keys(VARIABLES.shape),
  ...FILED_VARIABLES.map((name) => `${name}_FILE`),
];

/**
 * Reads the environment, and the files that it names in place of a value. Throws PortError `config.invalid` that
 * names every variable at fault at once. An empty variable counts as not set.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>, cwd = process.cwd()): Config {
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ''),
  );
  const { set, faults } = withSecretFiles(given, cwd);
  const parsed = VARIABLES.superRefine(refuseContradictions).safeParse(set);
  if (!parsed.success) throw invalid([...faults, ...faultsOf(parsed.error)]);
  if (faults.length > 0) throw invalid(faults);
  const found = parsed.data;
  const dataDir = resolve(cwd, found.WINDLASS_DATA_DIR);
  return {
    databaseUrl: secret(found.DATABASE_URL),
    redisUrl: secret(found.REDIS_URL),
    dataDir,
    postgresDir: join(dataDir, 'postgres'),
    masterKeyFile: resolve(cwd, found.WINDLASS_MASTER_KEY_FILE ?? join(dataDir, 'master.key')),
    generatesMasterKey: found.WINDLASS_GENERATE_MASTER_KEY,
    oldMasterKeys: found.WINDLASS_OLD_MASTER_KEYS.map((key) => new Secret(key)),
    oldMasterKeyFiles: found.WINDLASS_OLD_MASTER_KEY_FILES.map((file) => resolve(cwd, file)),
    transit: transitIn(found, cwd),
    namesMasterKey: (found.WINDLASS_MASTER_KEY ?? found.WINDLASS_MASTER_KEY_FILE) !== undefined,
    host: found.HOST,
    port: found.PORT,
    adminKey: secret(found.WINDLASS_ADMIN_KEY),
    oidc: oidcSettings(found),
    rates: { requests: found.WINDLASS_RATE_LIMIT, refusals: found.WINDLASS_REFUSAL_LIMIT },
    masterKey: secret(found.WINDLASS_MASTER_KEY),
    sshAgent: found.SSH_AUTH_SOCK ?? null,
    probeRanges: found.WINDLASS_PROBE_RANGES,
    managedFolders: orElse(found.WINDLASS_MANAGED_FOLDERS, DEFAULT_FOLDERS.managedFolders),
    logFolders: orElse(found.WINDLASS_LOG_FOLDERS, DEFAULT_FOLDERS.logFolders),
    logLevel: found.LOG_LEVEL,
    tracing: tracingIn(found),
    workerConcurrency: found.WORKER_CONCURRENCY,
    drainSeconds: found.WINDLASS_DRAIN_SECONDS,
    retentionDays: found.WINDLASS_RETENTION_DAYS,
    webhookAllowedRanges: found.WINDLASS_WEBHOOK_ALLOWED_RANGES,
    metrics: { host: found.WINDLASS_METRICS_HOST, port: found.WINDLASS_METRICS_PORT ?? null },
  };
}

function refuseContradictions(found: z.output<typeof VARIABLES>, context: z.RefinementCtx): void {
  for (const { variable, fault } of [...transitFaults(found), ...tracingFaults(found)]) {
    context.addIssue({ code: 'custom', path: [variable], message: fault });
  }
  for (const { path, message } of oidcFaults(found)) {
    context.addIssue({ code: 'custom', path: [path], message });
  }
  // Of two, one would be silently forgotten.
  if (found.WINDLASS_MASTER_KEY === undefined || found.WINDLASS_MASTER_KEY_FILE === undefined) return;
  context.addIssue({
    code: 'custom',
    path: ['WINDLASS_MASTER_KEY_FILE'],
    message: 'and WINDLASS_MASTER_KEY are both set; leave one out',
  });
}

function orElse(given: readonly string[], preset: readonly string[]): readonly string[] {
  return given.length === 0 ? preset : given;
}

function secret(text: string | undefined): Secret | null {
  return text === undefined ? null : new Secret(text);
}

function faultsOf(error: z.ZodError): readonly VariableFault[] {
  return error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
}

function invalid(faults: readonly VariableFault[]): PortError {
  const said = faults.map(({ path, message }) => `${path} ${message}`);
  return new PortError({
    code: 'config.invalid',
    message: `The environment is not usable: ${said.join('; ')}.`,
    nextStep: 'Correct the variables named and start again.',
  });
}
