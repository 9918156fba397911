import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';

/**
 * The words of HashiCorp's `vault` that our pages show, said to a real Vault: a program for machines of tests, which
 * have the server and not its command. What it was held against is in docs/testing.md. Ends with 1 and what Vault said.
 */
const { values, positionals } = parseArgs({
  args: process.argv.slice(2).map((word) => word.replace(/^-(?=[a-z])/, '--')),
  allowPositionals: true,
  options: {
    path: { type: 'string' },
    'max-lease-ttl': { type: 'string' },
    field: { type: 'string' },
    format: { type: 'string' },
    f: { type: 'boolean' },
    'wrap-ttl': { type: 'string' },
    policy: { type: 'string' },
    period: { type: 'string' },
  },
});

interface Answer {
  readonly data?: Record<string, unknown> | null;
  readonly wrap_info?: { readonly token: string } | null;
  readonly auth?: { readonly client_token: string } | null;
}

type Method = 'GET' | 'PUT' | 'POST' | 'DELETE';

async function ask(method: Method, path: string, body?: object): Promise<Answer> {
  const { VAULT_ADDR, VAULT_TOKEN = '' } = process.env;
  const response = await fetch(`${VAULT_ADDR}/v1/${path}`, {
    method,
    headers: {
      'X-Vault-Token': VAULT_TOKEN,
      ...(values['wrap-ttl'] === undefined ? {} : { 'X-Vault-Wrap-TTL': values['wrap-ttl'] }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
  return text === '' ? {} : JSON.parse(text);
}

function shown(answer: Answer): string {
  if (values.format === 'json') return JSON.stringify(answer, null, 2);
  const { data, auth, wrap_info: wrapped } = answer;
  const told = data ?? (auth ? { token: auth.client_token } : {});
  if (values.field === undefined) return inLines(wrapped ? { wrapping_token: wrapped.token } : told);
  const field = told[values.field];
  if (field === undefined) throw new Error(`Field "${values.field}" not present in secret`);
  return String(field);
}

/** Nothing to show is a success, too. */
function inLines(shown: Readonly<Record<string, unknown>>): string {
  const lines = Object.entries(shown).map(([name, value]) => `${name.padEnd(24)} ${JSON.stringify(value)}`);
  return lines.length === 0 ? 'Success!' : lines.join('\n');
}

/** `key=value` words, each a string, as the command sends them; a value that begins with `@` is what a file holds. */
const fieldsIn = (words: readonly string[]) =>
  Object.fromEntries(
    words.map((word) => {
      const [, name = '', value = ''] = /^([^=]*)=([\s\S]*)$/.exec(word) ?? [];
      return [name, value.startsWith('@') ? readFileSync(value.slice(1), 'utf8') : value];
    }),
  );

async function move(from: string, to: string): Promise<Answer> {
  const { data } = await ask('POST', 'sys/remount', { from, to });
  for (;;) {
    const { data: report } = await ask('GET', `sys/remount/status/${data?.migration_id}`);
    const { status } = Object(report?.migration_info);
    if (status === 'success') return {};
    if (status === 'failure') throw new Error(`${from} was not moved to ${to}`);
    await sleep(50);
  }
}

function mounts([noun = '', first = '', second = '']: readonly string[]): Promise<Answer> {
  if (noun === 'list') return ask('GET', 'sys/mounts');
  if (noun === 'move') return move(first, second);
  const config = { max_lease_ttl: values['max-lease-ttl'] };
  return ask('PUT', `sys/mounts/${values.path ?? first}`, { type: first, config });
}

function newToken(): Promise<Answer> {
  const { policy, period } = values;
  return ask('POST', 'auth/token/create', { policies: [policy], ...(period ? { period } : {}) });
}

async function say([verb = '', noun = '', ...rest]: readonly string[]): Promise<string> {
  const [first = '', second] = rest;
  switch (verb) {
    case 'read':
      return shown(await ask('GET', noun));
    case 'list':
      return shown(await ask('GET', `${noun}?list=true`));
    case 'write':
      return shown(await ask('PUT', noun, fieldsIn(rest)));
    case 'delete':
      return shown(await ask('DELETE', noun));
    case 'token':
      return shown(await newToken());
    case 'policy':
      return shown(
        await ask('PUT', `sys/policies/acl/${first}`, {
          policy: readFileSync(second === '-' ? 0 : String(second), 'utf8'),
        }),
      );
    case 'auth':
      return shown(await ask('PUT', `sys/auth/${values.path ?? first}`, { type: first }));
    case 'secrets':
      return shown(await mounts([noun, ...rest]));
    default:
      throw new Error(`this has no "vault ${verb}"`);
  }
}

try {
  console.log(await say(positionals));
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
