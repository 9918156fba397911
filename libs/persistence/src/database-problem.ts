import { QueryFailedError } from 'typeorm';
import { PortError } from '#engine';

/** Node's codes for a connection that cannot be made or broke. */
const NETWORK = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);

/**
 * SQLSTATE classes after which a session is gone or never was: 08 connection exception, 57P operator
 * intervention (shutdown, crash of another backend, starting up), 53300 too many connections, 25P03 idle in
 * transaction for too long. https://www.postgresql.org/docs/18/errcodes-appendix.html
 */
const SESSION_LOST = /^(08...|57P0[1-5]|53300|25P03)$/;

/** What node-postgres says without any code. */
const DRIVER_WORDS =
  /^(Connection terminated|timeout expired|timeout exceeded when trying to connect|Client has encountered a connection error|Client was closed)/;

/**
 * True when the database was not there, or went away in mid-work: then nobody knows whether a COMMIT that was
 * on its way took effect.
 */
export function isConnectionLoss(error: unknown): boolean {
  const cause = driverError(error);
  if (!(cause instanceof Error)) return false;
  const code = codeOf(cause);
  if (code !== undefined) return NETWORK.has(code) || SESSION_LOST.test(code);
  if (cause instanceof AggregateError) return cause.errors.some(isConnectionLoss);
  return cause.name === 'QueryRunnerAlreadyReleasedError' || DRIVER_WORDS.test(cause.message);
}

/** SQLSTATE or Node's error code, undefined where there is none. */
export function codeOf(error: unknown): string | undefined {
  const cause = driverError(error);
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined;
}

/** TypeORM's wrapper holds the statement and its parameters; only what the driver said may travel on. */
function driverError(error: unknown): unknown {
  return error instanceof QueryFailedError ? error.driverError : error;
}

/**
 * The error as ports report it: connection trouble becomes a PortError, everything else stays what it is. The
 * cause is dropped where it could hold a connection string.
 */
export function toDatabaseProblem(error: unknown, url: string): unknown {
  const where = describeDatabase(url);
  const code = codeOf(error);
  if (code === '3D000') {
    return new PortError({
      code: 'database.missing',
      message: `There is no database ${where}.`,
      nextStep: 'Create it, or name another in DATABASE_URL.',
    });
  }
  if (code?.startsWith('28') === true) {
    return new PortError({
      code: 'database.denied',
      message: `PostgreSQL refused our user or password for ${where}.`,
      nextStep: 'Check user and password in DATABASE_URL, and pg_hba.conf on the server.',
    });
  }
  if (!isConnectionLoss(error)) return error;
  const problem = {
    code: 'database.unreachable',
    message: `PostgreSQL does not answer: ${where}.`,
    nextStep: 'Check that the server runs and that DATABASE_URL names its host and port.',
    detail: code ?? 'the connection was lost',
  };
  return new PortError(problem, { transient: true });
}

/** `windlass at db.example:5432`, without user and password. */
export function describeDatabase(url: string): string {
  try {
    const { hostname, port, pathname } = new URL(url);
    return `${decodeURIComponent(pathname.slice(1)) || '(default)'} at ${hostname || 'localhost'}:${port || '5432'}`;
  } catch {
    return 'named in DATABASE_URL';
  }
}
