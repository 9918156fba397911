// Records the fleet of the try and its hosts by the API, as anybody would, and says what to do next.
//   WINDLASS_SERVER, WINDLASS_ADMIN_KEY, VAULT_TOKEN, and TRY_HOSTS: the names of the hosts, between spaces
import { lookup } from 'node:dns/promises';
import { readFileSync } from 'node:fs';

const { WINDLASS_SERVER, WINDLASS_ADMIN_KEY, VAULT_ADDR, VAULT_TOKEN } = process.env;
const names = (process.env.TRY_HOSTS ?? '').split(' ').filter((name) => name !== '');
const state = process.env.TRY_STATE ?? '/try-state';
const sshPort = Number(process.env.TRY_SSH_PORT ?? 22);
const read = (name) => readFileSync(`${state}/${name}`, 'utf8');

/** Throws an Error with what the API said where it does not do it. */
async function post(path, body) {
  const response = await fetch(new URL(path, WINDLASS_SERVER), {
    method: 'POST',
    headers: { Authorization: `Bearer ${WINDLASS_ADMIN_KEY}`, 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  const reply = await response.json();
  if (!response.ok) throw new Error(`${path}: ${reply.detail} ${reply.nextAction ?? ''}`);
  return reply;
}

/** By address, since probes go to addresses. */
async function hostOf(name) {
  const { address } = await lookup(name, 4);
  return {
    ...{ name, address, port: sshPort, user: 'root', hostKey: read(`${name}.pub`).trim() },
    privateKey: read('id_ed25519'),
    managedPaths: ['/etc/nginx/trust/client-ca.pem'],
    probeTargets: [{ address, port: 8443, serverName: 'edge.try', path: '/' }],
  };
}

try {
  const fleet = await post('/v1/fleets', {
    ...{ name: 'try', soakSeconds: 60, caTtlSeconds: 90 * 86_400, bundlePem: read('client-ca.pem') },
    issuingCa: { address: VAULT_ADDR, mount: 'pki', role: 'clients', token: VAULT_TOKEN },
  });
  await post(`/v1/fleets/${fleet.id}/hosts`, { hosts: await Promise.all(names.map(hostOf)) });
  console.log(`The fleet "try" has ${names.length} hosts. Next: windlass rotate try --watch`);
} catch (error) {
  console.error(`The hosts were not enrolled. ${error.message}`);
  process.exitCode = 1;
}
