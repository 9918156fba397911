import { PortError, Secret } from '#engine';

const REDACTED = '[secret]';
const DEEPEST = 6;

/** Fields whose values never go to a log, whatever they hold. */
const SECRET_FIELD =
  /^(.*(token|password|passphrase|secret|private_?key|api_?key|master_?key|admin_?key)|authorization|cookie|set-cookie)$/i;

/** What gives a secret away inside a text: PEM keys, passwords in URLs, tokens of Vault and of ours, JWTs, secrets of webhooks. */
const SECRET_TEXT: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g, REDACTED],
  [/(:\/\/[^\s:/@]*:)[^\s@/]+@/g, `$1${REDACTED}@`],
  [/\b(hvs|hvb|hvr|s)\.[A-Za-z0-9_-]{20,}/g, REDACTED],
  [/\bwl_[A-Za-z0-9_-]{20,}/g, REDACTED],
  [/\beyJ[\w-]{10,}\.[\w-]+\.[\w-]*/g, REDACTED],
  [/\bwhsec_[A-Za-z0-9+/=]{20,}/g, REDACTED],
];

/** The text without the secrets that can be told by their shape. */
export function redactText(text: string): string {
  return SECRET_TEXT.reduce((clean, [shape, instead]) => clean.replace(shape, instead), text);
}

/** A copy that may be logged. */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Secret) return REDACTED;
  if (value instanceof Error) return describeError(value);
  if (value instanceof Date) return value;
  if (depth >= DEEPEST) return '[deeper]';
  if (Array.isArray(value)) return value.map((item) => redact(item, depth + 1));
  const fields = Object.entries(value).map(([name, field]) => {
    return [name, SECRET_FIELD.test(name) && field !== null ? REDACTED : redact(field, depth + 1)];
  });
  return Object.fromEntries(fields);
}

export interface ErrorDescription {
  readonly type: string;
  readonly message: string;
  readonly stack: string;
  readonly code?: string;
  /** Types and codes of what caused it, nearest first. */
  readonly causes?: readonly string[];
  readonly problem?: unknown;
}

/**
 * What may be told of an error. Causes give their type and code only, and no error its other fields: those of
 * an HTTP client hold the request with its token, those of a database the parameters of the statement.
 */
export function describeError(error: Error): ErrorDescription {
  const causes = causesOf(error);
  const code = codeOf(error);
  return {
    type: error.name,
    message: redactText(error.message),
    stack: redactText(error.stack ?? ''),
    ...(code === undefined ? {} : { code }),
    ...(causes.length === 0 ? {} : { causes }),
    ...(error instanceof PortError ? { problem: redact(error.problem, 1) } : {}),
  };
}

function causesOf(error: Error): string[] {
  const causes: string[] = [];
  for (let cause = error.cause; cause instanceof Error && causes.length < DEEPEST; cause = cause.cause) {
    const code = codeOf(cause);
    causes.push(code === undefined ? cause.name : `${cause.name} ${code}`);
  }
  return causes;
}

function codeOf(error: Error): string | undefined {
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
