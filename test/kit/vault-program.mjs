#!/usr/bin/env node
// The words of Vault's own program that our pages use, said over HTTP to the Vault of VAULT_ADDR as that program says
// them: the test Vault comes without it. Whatever else is typed is refused.
import { readFileSync } from 'node:fs';

const words = process.argv.slice(2);
const flags = new Map(
  words
    .filter((word) => word.startsWith('-') && word !== '-')
    .map((word) => /^-+([\w-]+)(?:=(.*))?$/.exec(word))
    .map(([, name, value = '']) => [name, value]),
);
const [command = '', ...rest] = words.filter((word) => word === '-' || !word.startsWith('-'));

const COMMANDS = {
  read: ([path]) => ask('GET', path),
  write: ([path, ...pairs]) => ask('PUT', path, fields(pairs)),
  'secrets enable': ([type]) =>
    ask('POST', `sys/mounts/${flags.get('path') ?? type}`, {
      type,
      ...(flags.has('max-lease-ttl') ? { config: { max_lease_ttl: flags.get('max-lease-ttl') } } : {}),
    }),
  'auth enable': ([type]) => ask('POST', `sys/auth/${type}`, { type }),
  'policy write': ([name, file]) => ask('PUT', `sys/policies/acl/${name}`, { policy: contentOf(file) }),
};

function fields(pairs) {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      const value = pair.slice(at + 1);
      return [pair.slice(0, at), value.startsWith('@') ? contentOf(value.slice(1)) : value];
    }),
  );
}

const contentOf = (file) => readFileSync(file === '-' ? 0 : file, 'utf8');

async function ask(method, path, body) {
  const wrap = flags.get('wrap-ttl');
  const response = await fetch(`${process.env.VAULT_ADDR}/v1/${path}`, {
    method,
    headers: {
      'X-Vault-Token': process.env.VAULT_TOKEN ?? '',
      ...(wrap ? { 'X-Vault-Wrap-TTL': wrap } : {}),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  const { data, wrap_info: wrapped } = text === '' ? {} : JSON.parse(text);
  return wrapped ? { wrapping_token: wrapped.token } : (data ?? {});
}

const known = COMMANDS[command] ? [command, rest] : [`${command} ${rest[0]}`, rest.slice(1)];
if (!COMMANDS[known[0]]) throw new Error(`this vault does not know "${words.join(' ')}"`);
const said = await COMMANDS[known[0]](known[1]);
if (flags.has('field')) {
  const value = said[flags.get('field')];
  if (value === undefined) throw new Error(`the reply has no field ${flags.get('field')}`);
  console.log(value);
} else {
  for (const [name, value] of Object.entries(said)) console.log(name.padEnd(24), JSON.stringify(value));
}
