import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeCa, revocationList } from '#kit';
import { aBundle, aFleetBody, aSampleBody, planted } from './bodies.js';
import { windlass as call, environmentOf, type Said } from './command-line.js';
import { recordFleet, requestRotation } from './recording.js';
import { type RunningApi, runApi } from './running-api.js';

let api: RunningApi;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'windlass-cli-'));
  api = await runApi({ webhookAllowedRanges: ['127.0.0.0/8'] });
});
afterAll(async () => {
  await api?.stop();
  rmSync(folder, { recursive: true, force: true });
});

function file(name: string, text: string): string {
  writeFileSync(path.join(folder, name), text, { mode: 0o600 });
  return path.join(folder, name);
}

function windlass(args: readonly string[], input = ''): Promise<Said> {
  return call(args, environmentOf(api), input);
}

const aFleet = async () => (await api.call('GET', `/v1/fleets/${await recordFleet(api, 0)}`)).body;

describe('windlass fleet', () => {
  it('records a fleet by options, with its secret from standard input, and says what comes next', async () => {
    const token = planted('token');
    const bundle = file('bundle.pem', await aBundle());
    const vault = ['--vault-address', 'http://vault-x.example:8200', '--vault-role', 'clients'];
    const words = [
      'fleet',
      'add',
      'flags',
      '--bundle',
      bundle,
      ...vault,
      '--vault-token-file',
      '-',
      '--soak',
      '2d',
    ];
    const { code, out, wrong } = await windlass(words, `${token}\n`);
    expect([code, out]).toEqual([
      0,
      expect.stringMatching(/^name +flags\n[\s\S]*role clients\n[\s\S]*172800 s/),
    ]);
    expect(wrong).toMatch(/Next: windlass host add flags \.\.\., or windlass host import\n$/);
    expect(out + wrong).not.toContain(token);
    const shown = await windlass(['fleet', 'get', 'flags', '-o', 'json']);
    expect(JSON.parse(shown.out)).toMatchObject({ name: 'flags', soakSeconds: 172_800, hostCount: 0 });
  });

  it('records one from a file with the fields of the API, and options go before it', async () => {
    const body = file('fleet.yaml', JSON.stringify(await aFleetBody({ approval: 'contract' })));
    const { code, out } = await windlass([
      'fleet',
      'add',
      'from-file',
      '-f',
      body,
      '--canary-hosts',
      '3',
      '-o',
      'yaml',
    ]);
    expect([code, out]).toEqual([0, expect.stringMatching(/^name: from-file$/m)]);
    expect(out).toMatch(/^approval: contract$/m);
    expect(out).toMatch(/^canaryHosts: 3$/m);
  });

  it('names the field of a file that the API does not take, and no line of one that cannot be read', async () => {
    const body = file('fleet.yaml', JSON.stringify(await aFleetBody({ colour: 'red' })));
    const stray = await windlass(['fleet', 'add', '-f', body]);
    expect([stray.code, stray.wrong]).toEqual([1, expect.stringMatching(/request\.invalid: [\s\S]*colour/)]);
    const secret = planted('secret');
    const torn = await windlass(['fleet', 'add', '-f', file('torn.yaml', `a: b\ntoken: "${secret}`)]);
    expect([torn.code, torn.wrong]).toEqual([
      1,
      expect.stringMatching(/torn\.yaml is no YAML or JSON, in line 2\n$/),
    ]);
    expect(torn.wrong).not.toContain(secret);
  });

  it('lists who came with whose certificate', async () => {
    const id = await recordFleet(api, 1, { clientLog: '/var/log/nginx/clients.log' });
    expect((await windlass(['clients', id])).out).toMatch(
      /^SUBJECT +ISSUER +REQUESTS[\s\S]*\nunknown: \S+: /,
    );
  });

  it('lists anchors with their CRLs, where the fleet checks revocation', async () => {
    const ca = await makeCa({ commonName: 'Checked client CA' });
    const bundlePem = ca.certificatePem + (await revocationList(ca));
    const id = await recordFleet(api, 0, { revocation: 'crl', bundlePem });
    expect((await windlass(['crls', id])).out).toMatch(
      /^ANCHOR [^\n]*\n\S+ +CN=Checked client CA +\d{4}-\S+ +\S+ +0 +-/,
    );
    const { name } = await aFleet();
    expect((await windlass(['crls', name])).wrong).toContain('fleet.no-revocation');
  });

  it('distrusts anchors that are named, for a reason, by somebody who is sure', async () => {
    const { name } = await aFleet();
    expect((await windlass(['distrust', name])).wrong).toMatch(/^windlass distrust: --anchors is missing: /);
    const anchors = ['--anchors', '00:11:22:33'];
    const noReason = await windlass(['distrust', name, ...anchors]);
    expect(noReason.wrong).toBe('windlass distrust: distrust needs --reason: it is on record\n');
    const unsure = await windlass(['distrust', name, ...anchors, '--reason', 'leaked']);
    expect(unsure.wrong).toBe('windlass distrust: nobody is there to ask: give --yes if you are sure\n');
    const sure = await windlass(['distrust', name, ...anchors, '--reason', 'leaked', '--yes']);
    expect([sure.code, sure.wrong]).toEqual([
      1,
      expect.stringMatching(/^windlass distrust: (fleet|distrust)\.[a-z-]+: /),
    ]);
  });

  it('starts a rotation to another bundle, and needs one', async () => {
    const id = await recordFleet(api, 1);
    const { name } = (await api.call('GET', `/v1/fleets/${id}`)).body;
    expect((await windlass(['replace', name])).wrong).toContain('--bundle is missing');
    const { code, wrong } = await windlass(['replace', name, '--bundle', file('same.pem', await aBundle())]);
    expect([code, wrong]).toEqual([1, expect.stringContaining('replace.nothing-changes')]);
  });
});

describe('windlass sample', () => {
  it('gives a fleet a sample client and takes it away', async () => {
    const { name } = await aFleet();
    const sample = await aSampleBody();
    const [certificate, key] = [file('c.pem', sample.certificatePem), file('c.key', sample.privateKey)];
    const words = ['sample', 'add', name, 'billing', '--certificate', certificate, '--key-file', key];
    const added = await windlass(words);
    expect([added.code, added.wrong]).toEqual([0, '']);
    expect(added.out).toMatch(/\nbilling +CN=sample \d+ +accepted +with its key +\S+\n$/);
    expect((await windlass([...words, '--expect', 'maybe'])).wrong).toContain('--expect must be one of');
    expect((await windlass(['sample', 'remove', name, 'billing', '--yes'])).code).toBe(0);
    expect(JSON.parse((await windlass(['sample', 'list', name, '-o', 'json'])).out)).toEqual([]);
  });
});

describe('windlass schedule', () => {
  it('records a schedule, says what comes of it, pauses, resumes and removes it', async () => {
    const { name } = await aFleet();
    const when = ['--cron', '0 2 * * *', '--time-zone', 'Europe/Berlin', '--window', 'sat,sun 22:00-04:00'];
    const added = await windlass([
      'schedule',
      'add',
      name,
      '--kind',
      'drift',
      '--repair',
      ...when,
      '-o',
      'json',
    ]);
    expect(added.wrong).toBe('');
    const { id, explanation } = JSON.parse(added.out);
    expect(explanation).toContain('Europe/Berlin');
    expect((await windlass(['schedule', 'pause', name, id])).out).toMatch(new RegExp(` paused +- +${id}\\n`));
    expect((await windlass(['schedule', 'list', name])).out).toContain(' paused ');
    expect((await windlass(['schedule', 'resume', name, id])).out).toMatch(/ on +\d{4}-/);
    expect((await windlass(['schedule', 'remove', name, id, '--yes'])).code).toBe(0);
    expect(JSON.parse((await windlass(['schedule', 'list', name, '-o', 'json'])).out)).toEqual([]);
  });

  it('lets one go on that suspended itself, for a reason', async () => {
    const fleetId = await recordFleet(api, 1);
    const words = ['--cron', '0 2 * * *', '--each-time', '-o', 'json'];
    const { id } = JSON.parse((await windlass(['schedule', 'add', fleetId, ...words])).out);
    await suspend(id, await requestRotation(api, fleetId));
    expect((await windlass(['schedule', 'list', fleetId])).out).toContain(' suspended ');
    const bare = await windlass(['schedule', 'resume', fleetId, id]);
    expect([bare.code, bare.wrong]).toEqual([
      1,
      expect.stringMatching(/it suspended itself \(.*needs --reason/),
    ]);
    const resumed = await windlass([
      'schedule',
      'resume',
      fleetId,
      id,
      '--reason',
      'edge-2 is back',
      '-o',
      'json',
    ]);
    expect(JSON.parse(resumed.out)).toMatchObject({ suspended: null, resumed: { reason: 'edge-2 is back' } });
  });
});

/** As it does after a rotation of its own that did not succeed. */
async function suspend(scheduleId: string, rotationId: string): Promise<void> {
  const database = new pg.Client({ connectionString: api.databaseUrl });
  await database.connect();
  const set = "suspended_at = now(), suspended_rotation_id = $2, suspended_status = 'refused'";
  await database.query(`UPDATE schedules SET ${set} WHERE id = $1`, [scheduleId, rotationId]);
  await database.end();
}

describe('windlass apikey', () => {
  it('makes a key that is alone on standard output and works, and revokes it', async () => {
    const { name } = await aFleet();
    const words = ['--role', 'viewer', '--label', 'a pipeline', '--fleet', name, '--expires-in', '90d'];
    const made = await windlass(['apikey', 'create', ...words]);
    expect([made.code, made.out]).toEqual([0, expect.stringMatching(/^\S+\n$/)]);
    expect(made.wrong).toMatch(/\na pipeline +viewer +1 +until \d{4}-/);
    expect(made.wrong).not.toContain(made.out.trim());
    const own = { ...environmentOf(api), WINDLASS_API_KEY_FILE: file('key', made.out), WINDLASS_API_KEY: '' };
    expect(JSON.parse((await call(['fleets', '-o', 'json'], own)).out)).toMatchObject([{ name }]);
    expect((await windlass(['apikey', 'revoke', 'a pipeline', '--yes'])).code).toBe(0);
    expect((await windlass(['apikey', 'list'])).out).toMatch(/\na pipeline +viewer +1 +revoked/);
    expect((await call(['fleets'], own)).wrong).toContain('request.unauthorised');
  });

  it.each([
    [['--label', 'x'], '--role is missing: one of viewer'],
    [['--role', 'viewer'], '--label is missing'],
    [
      ['--role', 'king', '--label', 'x'],
      '--role must be one of viewer, operator, approver, admin, not "king"',
    ],
    [['--role', 'viewer', '--label', 'x', '--expires-in', 'soon'], '--expires-in must be such as 90s'],
  ])('refuses %j', async (words, says) => {
    const { code, wrong } = await windlass(['apikey', 'create', ...words]);
    expect([code, wrong]).toEqual([1, expect.stringContaining(says)]);
  });
});

describe('windlass webhook', () => {
  it('adds a webhook whose secret is alone on standard output, tests it and removes it', async () => {
    const { name } = await aFleet();
    const url = 'https://127.0.0.1:9/hook';
    const added = await windlass(['webhook', 'add', url, '--event', 'rotation.blocked', '--fleet', name]);
    expect([added.code, added.out]).toEqual([0, expect.stringMatching(/^whsec_\S+\n$/)]);
    expect(added.wrong).toMatch(/\nhttps:\/\/127\.0\.0\.1:9\/hook +rotation\.blocked +1 +on +never/);
    const tested = await windlass(['webhook', 'test', url]);
    expect([tested.code, tested.out]).toEqual([0, expect.stringMatching(/\nwebhook\.test +pending +0 +- /)]);
    expect((await windlass(['webhook', 'deliveries', url])).out).toContain('webhook.test');
    expect((await windlass(['webhook', 'remove', url, '--yes'])).code).toBe(0);
    expect((await windlass(['webhook', 'remove', url, '--yes'])).wrong).toContain('there is no webhook "');
    const strange = await windlass(['webhook', 'add', url, '--event', 'tea']);
    expect([strange.code, strange.wrong]).toEqual([1, expect.stringContaining('#/eventTypes/0')]);
  });
});
