import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeCa, runbookCommands, TypedShell } from '#kit';
import { anchorId, anchorsOf, parseBundle } from '#trust';
import { aBundle, aFleetBody, aHostBody } from './bodies.js';
import { PlayedWorker } from './played-worker.js';
import { recordFleet, requestRotation } from './recording.js';
import { type RunningApi, runApi } from './running-api.js';

/** What pages show for somebody who has an API, and hosts that nobody has to reach for it. */

let api: RunningApi;
let shell: TypedShell;

beforeAll(async () => {
  api = await runApi();
});

beforeEach(() => {
  shell = TypedShell.open();
  Object.assign(shell.env, { API: api.url, WINDLASS: api.url, ADMIN: api.adminKey, KEY: api.adminKey });
  shell.stands['https://windlass.example'] = api.url;
  return () => shell.close();
});

afterAll(() => api?.stop());

/** What the API replied to the last request. */
const replied = (stdout: string) => JSON.parse(stdout.slice(stdout.lastIndexOf('\n{') + 1));

describe('docs/access.md and docs/approval.md', () => {
  it('make a key that is confined to a fleet', async () => {
    const fleetId = await recordFleet(api);
    shell.stands.FLEET_ID = fleetId;
    const stdout = await shell.type(runbookCommands('docs/access.md', 'API keys').flat());
    expect(replied(stdout)).toMatchObject({ role: 'operator', label: 'deploy job', fleetIds: [fleetId] });
  });

  it('make the key of a second person', async () => {
    const stdout = await shell.type(runbookCommands('docs/approval.md', 'Who is who').flat());
    expect(replied(stdout)).toMatchObject({ role: 'approver', label: 'ben', key: expect.any(String) });
  });

  it('record a fleet that asks for one', async () => {
    shell.file('fleet.json', JSON.stringify(await aFleetBody()));
    const stdout = await shell.type(
      runbookCommands('docs/approval.md', 'Approval by a second person').flat(),
    );
    expect(replied(stdout)).toMatchObject({ approval: 'contract' });
  });
});

describe('docs/api.md', () => {
  it('aborts what was read, and as it was read', async () => {
    const ID = await requestRotation(api, await recordFleet(api));
    const { headers } = await api.call('GET', `/v1/rotations/${ID}`);
    shell.env.ID = ID;
    shell.stands['"7"'] = String(headers.etag);
    const stdout = await shell.type(runbookCommands('docs/api.md', 'Conditions').flat());
    expect(stdout).toContain(`ETag: ${headers.etag}`);
    await new PlayedWorker(api.installation, ID).play(() => false);
    expect((await api.call('GET', `/v1/rotations/${ID}`)).body.status).toBe('cancelled');
  });
});

describe('docs/strategies.md', () => {
  it('asks that a CA is distrusted', async () => {
    const partner = await makeCa({ commonName: 'Partner' });
    const bundlePem = (await aBundle()) + partner.certificatePem;
    const fleetId = await recordFleet(api, 1, { bundlePem });
    const [anchor = expect.fail('no anchor')] = anchorsOf(parseBundle(partner.certificatePem));
    Object.assign(shell.stands, { FLEET_ID: fleetId, ANCHOR: anchorId(anchor) });
    const stdout = await shell.type(runbookCommands('docs/strategies.md', 'Strategies').flat());
    expect(replied(stdout)).toMatchObject({ strategy: 'distrust', status: 'pending' });
  });
});

describe('docs/webhooks.md', () => {
  it('makes a webhook, whose secret is shown', async () => {
    const stdout = await shell.type(runbookCommands('docs/webhooks.md', 'Webhooks').flat());
    expect(replied(stdout)).toMatchObject({
      url: 'https://hooks.example/windlass',
      secret: expect.stringMatching(/^whsec_/),
    });
  });
});

describe('docs/hosts.md', () => {
  it('enrols a list of hosts by the text of a known_hosts file', async () => {
    shell.env.FLEET = await recordFleet(api, 0);
    const { hostKey, ...host } = aHostBody();
    shell.file('hosts.json', JSON.stringify([host]));
    shell.file('.ssh/known_hosts', `[${host.address}]:${host.port} ${hostKey}\n`);
    const stdout = await shell.type(runbookCommands('docs/hosts.md', 'Whose host key').flat());
    expect(replied(stdout)).toMatchObject({ hosts: [{ name: host.name }] });
  });
});

describe('docs/cli.md', () => {
  let edge: string;
  beforeAll(async () => {
    edge = await recordFleet(api, 1, { name: 'edge', soakSeconds: 0, contractWhen: 'soaked' });
  });

  it('finds the API, and watches a rotation to its end', async () => {
    shell.file('.windlass-key', api.adminKey);
    const typed = shell.type(runbookCommands('docs/cli.md', 'The command line').flat());
    const asked = async () => (await api.call('GET', `/v1/rotations?fleetId=${edge}`)).body.items;
    await expect.poll(async () => (await asked()).length, { timeout: 60_000 }).toBe(1);
    const [{ id }] = await asked();
    await new PlayedWorker(api.installation, id).play(() => false);
    expect(await typed).toMatch(/succeeded/);
    shell.stands.ROTATION = id;
    Object.assign(shell.env, { WINDLASS_SERVER: api.url, WINDLASS_API_KEY: api.adminKey });
    await shell.type(runbookCommands('docs/operations/postmortem.md', 'Post-mortems').flat());
    expect(await shell.type('cat postmortem.md')).toContain('## Summary');
    const look = runbookCommands('docs/operations/blocked.md', 'A rotation that is blocked').flat();
    expect(await shell.type(look)).toMatch(/succeeded[\s\S]*## Summary/);
  });

  it('enrols what an ssh_config, an inventory and a table name', async () => {
    const key = shell.file('.ssh/windlass', String(aHostBody().privateKey));
    const hosts = ['10.9.0.1', '10.9.0.2', '10.9.0.3'];
    shell.file('.ssh/known_hosts', hosts.map((host) => `${host} ${aHostBody().hostKey}\n`).join(''));
    shell.file('.ssh/config', `Host one\n HostName 10.9.0.1\n User root\n IdentityFile ${key}\n`);
    const settings = `ansible_user=root ansible_ssh_private_key_file=${key}`;
    shell.file('hosts.ini', `[edge]\ntwo ansible_host=10.9.0.2 ${settings}\n`);
    shell.file(
      'hosts.csv',
      'name,address,user,managedPaths,listeners\nthree,10.9.0.3,root,/etc/nginx/client-ca.pem,:443\n',
    );
    Object.assign(shell.env, { WINDLASS_SERVER: api.url, WINDLASS_API_KEY: api.adminKey });
    const commands = runbookCommands('docs/cli.md', 'Many hosts').flat();
    // Nobody can be asked in a pipe: the page says what to give then.
    await shell.type(commands.map((command) => `${command} --yes`));
    const { items } = (await api.call('GET', `/v1/fleets/${edge}/hosts`)).body;
    const names = items.map(({ name }: { name: string }) => name);
    expect(names).toEqual(expect.arrayContaining(['one', 'two', 'three']));
  });
});

describe('docs/audit-log.md', () => {
  it('verifies a database, an export, and that nothing is gone since', async () => {
    shell.file('audit.jsonl', (await api.call('GET', '/v1/audit/export')).text);
    const { count, hash } = (await api.call('GET', '/v1/audit/head')).body;
    shell.stands['postgresql://...'] = api.databaseUrl;
    shell.stands['1042:9f86d0...'] = `${count}:${hash}`;
    shell.env.DATABASE_URL = api.databaseUrl;
    const commands = runbookCommands('docs/audit-log.md', 'Verifying').flat();
    const stdout = await shell.type(commands);
    expect(stdout.match(/as they were written/g)).toHaveLength(commands.length);
  });
});
