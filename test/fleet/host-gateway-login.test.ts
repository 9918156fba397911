import { mkdirSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { itDoesTheEssentials } from './essentials.js';
import { codeOf, OneHost } from './one-host.js';

/** What people put into the file that a shell reads first: a greeting, on both streams, the last line unfinished. */
const NOISE = 'echo welcome; echo ok; echo fail host.drift; echo careful >&2; printf "you have mail"\n';

describe.each([
  { shell: '/usr/bin/fish', folder: '.config/fish', file: 'config.fish', self: '$fish_pid' },
  { shell: '/bin/tcsh', folder: '.', file: '.cshrc', self: '$$' },
  { shell: '/bin/bash', folder: '.', file: '.bashrc', self: '$$' },
])('where root logs in to $shell', ({ shell, folder, file, self }) => {
  let one: OneHost;

  beforeAll(async () => {
    one = await OneHost.boot({ loginShell: shell });
  });

  beforeEach(() => one.begin());

  afterAll(() => one?.stop());

  it('switches and reverts', async () => {
    await one.stage();
    await one.commit();
    await one.expectSwitched();
    await one.confirm();
    await one.revert();
    await one.expectBack();
  });

  it('goes back by itself', async () => {
    await one.stage();
    await one.commit(one.token(), 300);
    await one.gateway.close();
    await one.untilStep('returned');
    await one.expectBack();
  });

  it('believes nothing that a file of the shell prints', async () => {
    mkdirSync(one.host.outside(`home/${folder}`), { recursive: true });
    one.host.writeFile(`home/${folder}/${file}`, NOISE);
    const observed = await one.gateway.observe(one.target());
    expect(Math.abs(Date.parse(observed.clock) - Date.now())).toBeLessThan(60_000);
    expect(observed.files[0]?.digest).toBe(one.from.digest);
    await one.begin();
    await one.stage();
    await one.commit();
    await one.expectSwitched();
    await one.begin();
    expect(await codeOf(one.commit())).toBe('host.drift');
    await one.begin();
    await one.revert();
    await one.expectBack();
  });

  it('runs no script of which a file of the shell took the beginning', async () => {
    mkdirSync(one.host.outside(`home/${folder}`), { recursive: true });
    one.host.writeFile(`home/${folder}/${file}`, 'head -c 10 >/dev/null\n');
    expect(await codeOf(one.stage())).toBe('host.digest-mismatch');
    one.host.writeFile(`home/${folder}/${file}`, '');
    expect(one.trustFolder()).toEqual(['client-ca.pem']);
    await one.begin();
    await one.stage();
  });

  it('takes no word of a shell that died for the end of a step', async () => {
    mkdirSync(one.host.outside(`home/${folder}`), { recursive: true });
    one.host.writeFile(`home/${folder}/${file}`, `echo ok; kill -9 ${self}\n`);
    expect(await codeOf(one.stage())).toBe('host.unreachable');
    one.host.writeFile(`home/${folder}/${file}`, '');
    await one.begin();
    expect(await codeOf(one.commit())).toBe('host.drift');
    await one.expectBack();
  });
});

describe('where dropbear is the SSH server', () => {
  let one: OneHost;

  beforeAll(async () => {
    one = await OneHost.boot({ sshServer: 'dropbear' });
  });

  beforeEach(() => one.begin());

  afterAll(() => one?.stop());

  itDoesTheEssentials(() => one);

  it('F20: another host key: nobody logs in', async () => {
    const pinned = one.host.hostKey;
    await one.gateway.observe(one.target());
    await one.gateway.close();
    await one.host.changeHostKey();
    const logins = () => one.host.sshdLog().match(/Pubkey auth succeeded/g)?.length ?? 0;
    const before = logins();
    expect(before).toBeGreaterThan(0);
    expect(await codeOf(one.gateway.observe(one.target({ hostKey: pinned })))).toBe('host.key-changed');
    expect(logins()).toBe(before);
    expect(await codeOf(one.gateway.observe(one.target({ user: 'nobody' })))).toBe('host.denied');
    await expect(one.gateway.observe(one.target())).resolves.toBeDefined();
  });
});
