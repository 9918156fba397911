import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bootFleet, type TestFleet, type TestHost } from '#kit';
import { aBundle, aHostBody } from './bodies.js';
import { windlass as call, environmentOf, type Said } from './command-line.js';
import { recordFleet } from './recording.js';
import { type RunningApi, runApi } from './running-api.js';

let api: RunningApi;
let fleet: TestFleet;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'windlass-cli-'));
  api = await runApi();
  fleet = await bootFleet({ hosts: 1, bundlePem: await aBundle() });
  file('login.key', fleet.privateKey);
});
afterAll(async () => {
  await fleet?.stop();
  await api?.stop();
  rmSync(folder, { recursive: true, force: true });
});

function file(name: string, text: string): string {
  writeFileSync(path.join(folder, name), text, { mode: 0o600 });
  return path.join(folder, name);
}

function windlass(...args: string[]): Promise<Said> {
  return call(args, environmentOf(api));
}

async function aFleet(): Promise<{ id: string; name: string }> {
  return (await api.call('GET', `/v1/fleets/${await recordFleet(api, 0)}`)).body;
}

const hostsOf = async (id: string) => (await api.call('GET', `/v1/fleets/${id}/hosts`)).body.items;

function theHost(): TestHost {
  const [host] = fleet.hosts;
  if (host === undefined) throw new Error('no host was booted');
  return host;
}

const SETTINGS = ['--managed-path', '/etc/nginx/trust/client-ca.pem', '--listener', ':8443/edge.test'];

function addWords(name: string): string[] {
  const { address, sshPort, user } = theHost();
  const place = ['--address', address, '--port', String(sshPort), '--user', user];
  return ['host', 'add', name, 'edge-1', ...place, '--key-file', path.join(folder, 'login.key'), ...SETTINGS];
}

/** A line of known_hosts for each of these places. */
function knownHosts(...places: readonly (readonly [address: string, port: number])[]): string {
  const lines = places.map(([address, port]) => `[${address}]:${port} ${aHostBody().hostKey}`);
  return file('known_hosts', lines.join('\n'));
}

describe('windlass host add, where nobody can be asked', () => {
  it('says which key the host shows and what to give for it, and pins that key', async () => {
    const { id, name } = await aFleet();
    const host = theHost();
    const own = execFileSync('ssh-keygen', ['-lf', '-'], { input: host.hostKey, encoding: 'utf8' });
    const [, shown = ''] = own.split(' ');
    const bare = await windlass(...addWords(name));
    expect([bare.code, bare.out]).toEqual([1, '']);
    expect(bare.wrong).toContain(
      `windlass host add: nobody is there to ask: if that is the key of the host, give --accept-host-key ${shown}\n`,
    );
    const other = await windlass(...addWords(name), '--accept-host-key', 'SHA256:AAAA');
    expect([other.code, other.wrong]).toEqual([
      1,
      expect.stringMatching(/edge-1 \(\S+:2222\) shows ssh-ed25519 SHA256:\S+, and not SHA256:AAAA\. Next: /),
    ]);
    expect(await hostsOf(id)).toEqual([]);
    const added = await windlass(...addWords(name), '--accept-host-key', shown, '-o', 'json');
    expect([added.code, added.wrong]).toEqual([0, '']);
    expect(JSON.parse(added.out)).toMatchObject({ name: 'edge-1', hostKey: host.hostKey, login: 'key' });
    expect(added.out).not.toContain('PRIVATE');
  });

  it('says that a host gives no answer, and what to do', async () => {
    const { name } = await aFleet();
    const words = [...addWords(name), '--port', '1'];
    const { code, wrong } = await windlass(...words);
    expect([code, wrong]).toEqual([
      1,
      expect.stringMatching(/edge-1 \(\S+:1\) cannot be reached: .*ECONNREFUSED/),
    ]);
  });

  it('takes a key that is given, and a jump host with a key of its own', async () => {
    const { id, name } = await aFleet();
    const [inner, jump] = [String(aHostBody().hostKey), String(aHostBody().hostKey)];
    const words = [
      'host',
      'add',
      name,
      'edge-9',
      '--address',
      '10.9.9.9',
      '--user',
      'root',
      '--agent',
      ...SETTINGS,
    ];
    const lacks = await windlass(...words, '--jump', 'me@10.9.9.1:2200', '--jump-host-key', jump);
    expect(lacks.wrong).toContain(
      'behind a jump host the key cannot be asked for from here: give --host-key',
    );
    const keys = ['--host-key', `${inner} a comment`, '--jump-host-key', jump];
    const { code, wrong } = await windlass(...words, '--jump', 'me@10.9.9.1:2200', ...keys);
    expect([code, wrong]).toEqual([0, '']);
    expect(await hostsOf(id)).toMatchObject([
      {
        ...{ name: 'edge-9', hostKey: inner, login: 'agent' },
        jump: { address: '10.9.9.1', port: 2200, user: 'me', hostKey: jump, login: 'agent' },
      },
    ]);
  });

  it.each([
    [['--listener', '443'], 'a listener must be such as :443'],
    [['--port', 'x'], '--port must be a whole number, not "x"'],
    [['--agent'], 'one login is needed: --key-file, or --agent'],
    [['--host-key', 'ssh-rsa AAAA'], '--host-key must be an Ed25519 or ECDSA public key'],
    [['--jump', 'a,b'], '--jump must be such as windlass@jump.example:2222, not "a,b"'],
    [['--key-file', '/nowhere'], '--key-file /nowhere cannot be read: ENOENT'],
    [['--key-file', 'PUBLIC'], 'login.pub is a public key; give the private one'],
    [['--managed-path', 'relative', '--host-key', 'KEY'], '#/managedPaths/1'],
  ])('refuses %j', async (words, says) => {
    const { name } = await aFleet();
    const places = new Map([
      ['KEY', String(aHostBody().hostKey)],
      ['PUBLIC', file('login.pub', String(aHostBody().hostKey))],
    ]);
    const given = words.map((word) => places.get(word) ?? word);
    const { code, wrong } = await windlass(...addWords(name), ...given);
    expect([code, wrong]).toEqual([1, expect.stringContaining(says)]);
  });
});

describe('windlass host import', () => {
  const importFrom = (name: string, ...words: string[]) =>
    windlass('host', 'import', name, ...words, '--key-file', path.join(folder, 'login.key'), ...SETTINGS);

  it('enrols all that an ssh_config names, by its known_hosts, and passes over what is enrolled already', async () => {
    const { id, name } = await aFleet();
    const config = file(
      'config',
      'Host a\n  HostName 10.1.0.1\n  ProxyJump b\nHost b\n  HostName 10.1.0.2\nHost *\n  User me\n  Port 2222\n  ForwardAgent no\n',
    );
    const words = [
      '--from-ssh-config',
      config,
      '--known-hosts',
      knownHosts(['10.1.0.1', 2222], ['10.1.0.2', 2222]),
    ];
    const asked = await importFrom(name, ...words);
    expect([asked.code, asked.out]).toEqual([1, '']);
    expect(asked.wrong).toMatch(/\na +10\.1\.0\.1:2222 +me, key +10\.1\.0\.2 +SHA256:/);
    expect(asked.wrong).toMatch(/Passed over:\n {2}line 9: forwardagent: says nothing to Windlass\n/);
    expect(asked.wrong).toMatch(/Private keys that are stored, sealed: \S+login\.key\n/);
    expect(asked.wrong).toMatch(/nobody is there to ask: give --yes\n$/);
    const done = await importFrom(name, ...words, '--yes');
    expect(done.code).toBe(0);
    expect(await hostsOf(id)).toMatchObject([
      { name: 'a', user: 'me', jump: { address: '10.1.0.2', user: 'me', login: 'key' } },
      { name: 'b', jump: null },
    ]);
    const again = await importFrom(name, ...words, '--yes');
    expect([again.code, again.wrong]).toEqual([
      1,
      expect.stringMatching(/a: is enrolled already[\s\S]*nothing to enrol/),
    ]);
  });

  it('enrols all of an inventory or none, and says by line which cannot be and why', async () => {
    const { id, name } = await aFleet();
    const inventory = file(
      'hosts.ini',
      '[edge]\ne1 ansible_host=10.2.0.1\ne2 ansible_host=10.2.0.2 ansible_connection=local\n[other]\no1\n[all:vars]\nansible_user=root\n',
    );
    const words = [
      '--inventory',
      inventory,
      '--group',
      'edge',
      '--known-hosts',
      knownHosts(['10.2.0.1', 22]),
    ];
    file('known_hosts', `10.2.0.1 ${aHostBody().hostKey}`);
    const refused = await importFrom(name, ...words, '--yes');
    expect([refused.code, refused.wrong]).toEqual([
      1,
      expect.stringMatching(
        /line 3: e2: ansible_connection is local[\s\S]*1 cannot be enrolled, so none was: mend them, or give --skip-unusable/,
      ),
    ]);
    expect(await hostsOf(id)).toEqual([]);
    const done = await importFrom(name, ...words, '--yes', '--skip-unusable', '-o', 'json');
    expect(JSON.parse(done.out)).toMatchObject([{ name: 'e1', user: 'root' }]);
  });

  it('only shows what it would do when asked for that, without the keys that log in', async () => {
    const { id, name } = await aFleet();
    const table = file(
      'hosts.csv',
      `name,address,user,hostKey\nc1,10.3.0.1,root,${aHostBody().hostKey}\nc2,10.3.0.2,root,\n`,
    );
    const { code, out } = await importFrom(name, '--csv', table, '--dry-run', '-o', 'json');
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      hosts: [{ name: 'c1', probeTargets: [{ address: '10.3.0.1', port: 8443, serverName: 'edge.test' }] }],
      unusable: [{ line: 3, what: 'c2', why: 'nobody knows its host key: give --known-hosts FILE' }],
    });
    expect(out).not.toContain('PRIVATE');
    expect(await hostsOf(id)).toEqual([]);
  });

  it('lets no table write over what it shows before it asks', async () => {
    const { name } = await aFleet();
    const table = file('hosts.csv', 'name,address,user\n\u001b[2J\u009b1A,10.4.0.1,root\n');
    const shown = await importFrom(name, '--csv', table, '--dry-run');
    const asked = await importFrom(name, '--csv', table);
    expect(shown.out).toContain('line 2: \\u001b[2J\\u009b1A: its name must have');
    expect(asked.wrong).toContain('line 2: \\u001b[2J\\u009b1A: its name must have');
  });

  it.each([
    [[], 'name one source: --from-ssh-config FILE, --inventory FILE or --csv FILE'],
    [['--csv', 'CSV', '--group', 'x'], '--group belongs to --inventory'],
    [['--csv', 'CSV'], 'hosts.txt: line 1 must name the columns, name among them'],
    [['--inventory', 'CSV', '--group', 'x'], 'hosts.txt: the inventory has no group "x"'],
    [['--csv', '/nowhere'], '--csv /nowhere cannot be read: ENOENT'],
  ])('refuses %j', async (words, says) => {
    const empty = file('hosts.txt', '');
    const { code, wrong } = await importFrom('edge', ...words.map((word) => (word === 'CSV' ? empty : word)));
    expect([code, wrong]).toEqual([1, expect.stringContaining(says)]);
  });
});

describe('windlass host', () => {
  it('shows a host and takes it out of its fleet', async () => {
    const fleetId = await recordFleet(api, 2);
    const { name } = (await api.call('GET', `/v1/fleets/${fleetId}`)).body;
    const [host, other] = await hostsOf(fleetId);
    const shown = await windlass('host', 'get', name, host.name);
    expect(shown.out).toMatch(new RegExp(`^name +${host.name}\\n[\\s\\S]*host key +ssh-ed25519 `));
    const asked = await windlass('host', 'remove', name, host.name);
    expect([asked.code, asked.wrong]).toEqual([
      1,
      'windlass host remove: nobody is there to ask: give --yes\n',
    ]);
    expect((await windlass('host', 'remove', name, host.name, '--yes')).code).toBe(0);
    expect((await hostsOf(fleetId)).map((one: { name: string }) => one.name)).toEqual([other.name]);
    const gone = await windlass('host', 'get', name, host.name);
    expect(gone.wrong).toBe(`windlass host get: there is no host "${host.name}"; there are ${other.name}\n`);
  });
});
