import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeCa } from '#kit';
import type { Desk } from '../../apps/cli/src/command-line/desk.js';
import { commandTable } from '../../apps/cli/src/command-table.js';
import { windlass as call, type Said } from './command-line.js';
import { recordFleet } from './recording.js';
import { type RunningApi, runApi } from './running-api.js';

let api: RunningApi;
let home: string;
let config: string;
beforeAll(async () => {
  home = mkdtempSync(path.join(tmpdir(), 'windlass-cli-'));
  mkdirSync(path.join(home, '.config/windlass'), { recursive: true });
  config = path.join(home, '.config/windlass/config.yaml');
  api = await runApi();
  await recordFleet(api, 0);
});
afterAll(async () => {
  await api?.stop();
  rmSync(home, { recursive: true, force: true });
});

function file(name: string, text: string, mode = 0o600): string {
  const place = path.join(home, name);
  writeFileSync(place, text);
  chmodSync(place, mode);
  return place;
}

function configure(text: string, mode = 0o600): void {
  writeFileSync(config, text);
  chmodSync(config, mode);
}

/** Knows the API by its configuration alone. */
function windlass(...args: string[]): Promise<Said> {
  return call(args, { PATH: process.env.PATH ?? '', HOME: home });
}

describe('the configuration of windlass', () => {
  it('has contexts, of which one is the current one and any may be named', async () => {
    file('good.key', `${api.adminKey}\n`);
    configure(`current: lab
contexts:
  - { name: lab, server: "http://127.0.0.1:2", key: wrong }
  - { name: prod, server: "${api.url}", keyFile: ~/good.key }
`);
    expect((await windlass('fleets')).wrong).toMatch(/the API gives no answer: .*ECONNREFUSED/);
    const named = await windlass('fleets', '--context', 'prod');
    expect([named.code, named.wrong]).toEqual([0, '']);
    const env = { PATH: process.env.PATH ?? '', HOME: home, WINDLASS_CONTEXT: 'prod' };
    expect((await call(['fleets'], env)).code).toBe(0);
    expect((await windlass('fleets', '--context', 'nowhere')).wrong).toBe(
      'windlass fleet list: there is no context "nowhere"; there are lab, prod\n',
    );
    // The key of a context goes to the server of that context, and to no other.
    expect((await windlass('fleets', '--context', 'lab', '--server', api.url)).wrong).toContain('no API key');
  });

  it('is refused where others may read a key in it, and so is a file that holds one', async () => {
    configure(`current: a\ncontexts: [{ name: a, server: "${api.url}", key: ${api.adminKey} }]\n`, 0o640);
    expect((await windlass('fleets')).wrong).toBe(
      `windlass fleet list: ${config} holds an API key and others may read it (mode 640): chmod 600 ${config}\n`,
    );
    chmodSync(config, 0o600);
    expect((await windlass('fleets')).code).toBe(0);
    const key = file('open.key', api.adminKey, 0o644);
    configure(`current: a\ncontexts: [{ name: a, server: "${api.url}", keyFile: ../../open.key }]\n`, 0o644);
    expect((await windlass('fleets')).wrong).toContain(
      `${key} holds an API key and others may read it (mode 644)`,
    );
  });

  it('names what is wrong in it', async () => {
    configure('contexts: [{ name: a }]');
    expect((await windlass('fleets')).wrong).toBe(
      `windlass fleet list: ${config}: contexts[0] must have a name and a server\n`,
    );
  });

  it('has the CA of a server, and trusts no other one for it', async () => {
    const [ca, other] = [await makeCa({ commonName: 'Ours' }), await makeCa({ commonName: 'Other' })];
    const server = await tlsBefore(api.url, await ca.issueClient(SERVER));
    const { port } = server.address() as AddressInfo;
    const context = (caFile: string) =>
      `current: a\ncontexts: [{ name: a, server: "https://localhost:${port}", key: ${api.adminKey}${caFile} }]\n`;
    configure(context(`, caFile: ${file('ca.pem', ca.certificatePem)}`));
    const trusted = await windlass('fleets', '-o', 'json');
    expect([trusted.code, trusted.wrong]).toEqual([0, '']);
    expect(JSON.parse(trusted.out)).toHaveLength(1);
    // A body goes up as well as down.
    const create = ['apikey', 'create', '--role', 'viewer', '--label'];
    expect((await windlass(...create, 'over TLS')).wrong).toContain('\nover TLS  viewer ');
    expect((await windlass(...create, 'x'.repeat(101))).wrong).toMatch(/request\.invalid: [\s\S]*#\/label/);
    configure(context(`, caFile: ${file('other.pem', other.certificatePem)}`));
    expect((await windlass('fleets')).wrong).toMatch(/the API gives no answer: .*certificate/);
    configure(context(''));
    expect((await windlass('fleets')).wrong).toMatch(/the API gives no answer: .*certificate/);
    server.close();
    server.closeAllConnections();
  });
});

const SERVER = {
  commonName: 'localhost',
  extendedKeyUsages: ['1.3.6.1.5.5.7.3.1'],
};

/** TLS in front of the API, as a proxy that ends it. */
async function tlsBefore(
  url: string,
  { certificatePem: cert, privateKeyPem: key }: { certificatePem: string; privateKeyPem: string },
): Promise<https.Server> {
  const server = https.createServer({ cert, key }, (incoming, outgoing) => {
    const { method, headers } = incoming;
    const passed = request(new URL(incoming.url ?? '/', url), { method, headers }, (reply) => {
      outgoing.writeHead(reply.statusCode ?? 500, reply.headers);
      reply.pipe(outgoing);
    });
    incoming.pipe(passed);
  });
  server.listen(0, 'localhost');
  await once(server, 'listening');
  return server;
}

describe('the help of windlass', () => {
  it('is there for every command, with its options, and examples for each that talks to the API', async () => {
    for (const command of commandTable()) {
      const said: string[] = [];
      const say = (line: string) => void said.push(line);
      const code = await command.run(['--help'], { print: say, complain: say } as Desk);
      const text = said.join('\n');
      expect([command.words, code]).toEqual([command.words, 0]);
      expect(text).toMatch(new RegExp(`^windlass ${command.words}`));
      if (command.section === 'local') continue;
      for (const option of Object.keys(await command.options())) expect(text).toContain(`--${option}`);
      expect(command.examples.length, command.words).toBeGreaterThan(0);
      for (const example of command.examples) expect(text).toContain(example);
    }
  });

  it('lists every command, those of one word too, and suggests the nearest for one that is not there', async () => {
    const { out } = await windlass('--help');
    for (const { words } of commandTable()) expect(out).toContain(`\n  ${words}`);
    expect((await windlass('host')).out).toMatch(/^windlass host \.\.\.\n\n {2}host list FLEET/);
    expect((await windlass('help', 'rotate')).out).toContain('windlass rotate edge --plan');
    const unknown = await windlass('rotat', 'edge');
    expect([unknown.code, unknown.wrong]).toEqual([
      1,
      'windlass: there is no command "rotat"; did you mean "windlass rotate"?\nNext: windlass --help\n',
    ]);
    expect((await windlass('host', 'improt')).wrong).toContain('did you mean "windlass host import"?');
    expect((await windlass('xyzzy')).wrong).toBe(
      'windlass: there is no command "xyzzy"\nNext: windlass --help\n',
    );
  });
});

describe('the completion of windlass in bash', () => {
  let script: string;
  beforeAll(async () => {
    script = file('completion.bash', (await windlass('completion', 'bash')).out);
  });

  /** What bash itself offers behind these words, the last of which is begun. */
  function offered(...words: string[]): string[] {
    const program = `source '${script}'; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _windlass; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const out = execFileSync('bash', ['--norc', '-c', program, 'bash', 'windlass', ...words], { cwd: home });
    return out.toString().trim().split('\n');
  }

  it.each([
    [['fl'], ['fleet', 'fleets']],
    [
      ['host', ''],
      ['list', 'get', 'add', 'import', 'remove', 'installer'],
    ],
    [['host', 'im'], ['import']],
    [
      ['rotate', 'edge', '--strategy', 're'],
      ['refresh', 'rehearse'],
    ],
    [
      ['fleets', '-o', ''],
      ['table', 'json', 'yaml'],
    ],
    [['distrust', 'edge', '--anch'], ['--anchors']],
    [['preflight', '--cl'], ['--client']],
    [['audit', 'verify', '--ex'], ['--expect']],
    [['rotate', 'edge', '--reason', ''], ['']],
  ])('offers for %j', (words, offers) => {
    expect(offered(...words)).toEqual(offers);
  });

  it('offers files where a file is asked for', () => {
    expect(offered('fleet', 'add', 'x', '--bundle', 'completion.b')).toEqual(['completion.bash']);
  });

  it('is there for other shells, and says which when it is asked for none of them', async () => {
    expect((await windlass('completion', 'zsh')).out).toMatch(/^#compdef windlass\n/);
    expect((await windlass('completion', 'fish')).out).toMatch(/^complete -c windlass .* -l strategy /m);
    const { code, wrong } = await windlass('completion', 'csh');
    expect([code, wrong]).toEqual([1, expect.stringContaining('name one shell: bash, zsh, fish')]);
  });
});
