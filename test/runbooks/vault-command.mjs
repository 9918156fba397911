// The few words of Vault's command line that the runbooks type, over the same requests of its API. Vault's own program
// is not there: tools/vault builds the server alone.
//
//   node vault-command.mjs write pki/config/issuers default=ISSUER      VAULT_ADDR and VAULT_TOKEN say where
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const { VAULT_ADDR, VAULT_TOKEN } = process.env;

async function ask(method, path, body) {
  const response = await fetch(`${VAULT_ADDR}/v1/${path}`, {
    method,
    headers: {
      'X-Vault-Token': VAULT_TOKEN,
      'Content-Type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json',
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
  return text === '' ? {} : JSON.parse(text);
}

/** `key=value` words; `@` reads the value from a file. */
function fields(words) {
  return Object.fromEntries(
    words.map((word) => {
      const [key, ...rest] = word.split('=');
      const value = rest.join('=');
      return [key, value.startsWith('@') ? readFileSync(value.slice(1), 'utf8') : value];
    }),
  );
}

async function move(from, to) {
  const { data } = await ask('POST', 'sys/remount', { from, to });
  for (;;) {
    const { migration_info } = (await ask('GET', `sys/remount/status/${data.migration_id}`)).data;
    if (migration_info.status === 'success') return {};
    if (migration_info.status === 'failure') throw new Error(`${from} was not moved to ${to}`);
    await sleep(50);
  }
}

/** Flags go with the policy of a token; all other words are fields. */
const COMMANDS = {
  read: ([path]) => ask('GET', path),
  list: ([path]) => ask('GET', `${path}?list=true`),
  write: ([path, ...rest]) => ask('PUT', path, fields(rest)),
  patch: ([path, ...rest]) => ask('PATCH', path, fields(rest)),
  delete: ([path]) => ask('DELETE', path),
  status: () => ask('GET', 'sys/seal-status'),
  'policy write': ([name]) => ask('PUT', `sys/policies/acl/${name}`, { policy: readFileSync(0, 'utf8') }),
  'token create': (_, { policy, period }) =>
    ask('POST', 'auth/token/create', { policies: [policy], ...(period ? { period } : {}) }),
  'secrets list': () => ask('GET', 'sys/mounts'),
  'secrets move': ([from, to]) => move(from, to),
};

const words = process.argv.slice(2).filter((word) => !word.startsWith('-'));
const flags = fields(
  process.argv
    .slice(2)
    .filter((word) => word.startsWith('-') && word !== '-')
    .map((word) => word.replace(/^-+/, '')),
);
const twoWords = words.slice(0, 2).join(' ');
const length = twoWords in COMMANDS ? 2 : 1;
const command = COMMANDS[words.slice(0, length).join(' ')];
if (command === undefined) throw new Error(`vault ${words.join(' ')} is nothing that the runbooks type`);
const reply = await command(words.slice(length), flags);
const shown = { ...reply.data, ...(reply.auth ? { token: reply.auth.client_token } : {}) };
console.log(flags.field === undefined ? JSON.stringify(shown, null, 2) : shown[flags.field]);
