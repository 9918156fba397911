import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aBundle, aHostBody } from '../e2e/bodies.js';
import { type RunningApi, runApi } from '../e2e/running-api.js';

const exec = promisify(execFile);
const HOSTS = ['127.78.0.1', '127.78.0.2', '127.78.0.3'];

let api: RunningApi;
let state: string;

/** The script as the service `try-enrol` runs it. */
async function enrol(): Promise<{ code: number; said: string }> {
  const env = {
    ...{ PATH: process.env.PATH, TRY_STATE: state, TRY_HOSTS: HOSTS.join(' '), TRY_SSH_PORT: '2222' },
    ...{ WINDLASS_SERVER: api.url, WINDLASS_ADMIN_KEY: api.adminKey },
    ...{ VAULT_ADDR: 'http://vault.example:8200', VAULT_TOKEN: 'planted-token' },
  };
  try {
    const { stdout, stderr } = await exec(process.execPath, ['deploy/try/enrol.mjs'], { env });
    return { code: 0, said: `${stdout}${stderr}` };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, said: `${stdout}${stderr}` };
  }
}

beforeAll(async () => {
  api = await runApi();
  state = mkdtempSync(path.join(tmpdir(), 'windlass-try-'));
  const { privateKey } = aHostBody();
  writeFileSync(path.join(state, 'id_ed25519'), String(privateKey));
  for (const host of HOSTS) writeFileSync(path.join(state, `${host}.pub`), `${aHostBody().hostKey}\n`);
  writeFileSync(path.join(state, 'client-ca.pem'), await aBundle());
});

afterAll(async () => {
  rmSync(state, { recursive: true, force: true });
  await api.stop();
});

describe('who enrols the hosts of the try', () => {
  it('records the fleet and its hosts over the API, once, and says what to do next', async () => {
    expect(await enrol()).toEqual({
      code: 0,
      said: 'The fleet "try" has 3 hosts. Next: windlass rotate try --watch\n',
    });
    const fleets = await api.call('GET', '/v1/fleets');
    expect(fleets.body.items).toMatchObject([{ name: 'try' }]);
    const hosts = await api.call('GET', `/v1/fleets/${fleets.body.items[0].id}/hosts`);
    expect(hosts.body.items.map((host: { address: string }) => host.address).sort()).toEqual(HOSTS);
    const again = await enrol();
    expect(again.code).toBe(1);
    expect(again.said).toMatch(/^The hosts were not enrolled\. \/v1\/fleets: /);
    expect(again.said).not.toContain('planted-token');
  });
});
