import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { furnishInstallerPlaces, runbookCommands, TypedShell } from '#kit';
import { codeOf, OneHost } from './one-host.js';

const PATHS = ['--path', '/etc/nginx/trust/client-ca.pem'];
let one: OneHost;

/** What a newcomer copies from the terminal. */
function installer(...args: string[]): string {
  return execFileSync(process.execPath, ['dist/apps/cli/src/main.js', 'host', 'installer', ...args], {
    encoding: 'utf8',
    stdio: 'pipe',
  });
}

function install(...args: string[]): string {
  one.host.writeFile('run/installer', installer('--user', 'windlass', ...args));
  return one.host.exec('sh /run/installer');
}

/** As docs/hosts.md says it, by a real ssh to root. */
async function installByPage(): Promise<string> {
  const shell = TypedShell.open();
  const { address, sshPort, privateKey } = one.host;
  const key = shell.file('key', privateKey);
  const options = `-i '${key}' -p ${sshPort} -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null`;
  shell.program('ssh', `exec /usr/bin/ssh ${options} "$@"`);
  Object.assign(shell.stands, { 'root@host': `root@${address}`, '/etc/nginx/client-ca.pem': PATHS[1] });
  const stdout = await shell.type(runbookCommands('docs/hosts.md', 'Two ways in').flat());
  shell.close();
  return stdout;
}

beforeAll(async () => {
  one = await OneHost.boot();
  furnishInstallerPlaces(one.host);
  one.as({ user: 'windlass', access: 'installed' });
});

beforeEach(() => one.begin());

afterAll(() => one?.stop());

describe('a host on which an administrator installed the host program', () => {
  it('names what is missing before that', async () => {
    expect(await codeOf(one.stage())).toBe('host.not-installed');
  });

  it('switches, renews, confirms and reverts for a user without rights', async () => {
    expect(await installByPage()).toContain('windlass may start /usr/local/libexec/windlass-host');
    await one.stage();
    await one.commit();
    await one.renew();
    await one.expectSwitched();
    await one.confirm();
    expect(await one.revert()).toMatchObject({ digest: one.from.digest, reloaded: true });
    await one.expectBack();
  });

  it('puts itself back when nobody comes', async () => {
    await one.stage();
    await one.commit(one.token(), 500);
    await one.gateway.close();
    await one.untilStep('returned');
    await one.expectBack();
  });

  it('lets that user do nothing else', async () => {
    const as = (command: string) =>
      one.host.exec(`setpriv --reuid 990 --regid 990 --clear-groups ${command}`);
    expect(() => as('sudo -n true')).toThrow(/password is required/);
    expect(() => as('sudo -n /usr/local/libexec/windlass-host with words')).toThrow(/password is required/);
    expect(() => as('sh -c "echo >> /usr/local/libexec/windlass-host"')).toThrow(/Permission denied/);
    expect(() => as('sh -c "echo >> /etc/windlass/host.conf"')).toThrow(/Permission denied/);
  });

  it('takes no path, no nginx and no reload from whoever logs in', async () => {
    const elsewhere = one.target({ managedPaths: ['/etc/shadow'] });
    expect(await codeOf(one.gateway.discard(elsewhere, one.token()))).toBe('host.path-not-allowed');
    const touch = ['/bin/touch', '/run/was-root'];
    const target = one.target({ nginxBinary: '/bin/touch', nginxArguments: touch, reloadCommand: touch });
    await one.stage(one.token(), 600_000, one.to, target);
    await one.commit(one.token(), 600_000, target);
    await one.expectSwitched();
    await one.revert();
    expect(one.host.exec('ls /run')).not.toContain('was-root');
    const forged = 'step watch\\nfleet fleet-1\\nnginx /bin/false\\nexpect 0\\nend\\n';
    const said = one.host.exec(
      `printf '${forged}' | setpriv --reuid 990 --regid 990 --clear-groups sudo -n /usr/local/libexec/windlass-host || true`,
    );
    expect(said).toContain('fail host.other-script');
  });

  it('is refused when it is not the program of this release', async () => {
    one.host.exec('echo "# older" >> /usr/local/libexec/windlass-host');
    await one.begin();
    expect(await codeOf(one.stage())).toBe('host.other-script');
    install(...PATHS);
    await one.stage();
    await one.discard();
  });

  it('reads the client log that it was given, and no other file', async () => {
    const columns = { time: 1, verify: 2, serial: 3, issuer: 4, subject: 5 };
    const line = '1795619234.038\tSUCCESS\t0A\tCN=Old\tCN=till\n';
    one.host.writeFile('var/log/nginx/clients.log', line);
    one.host.exec(`printf '${line}' > /etc/windlass/secret`);
    const read = (path: string) => one.gateway.clients(one.target(), { path, columns });
    expect(await codeOf(read('/var/log/nginx/clients.log'))).toBe('host.path-not-allowed');
    install(...PATHS, '--client-log', '/var/log/nginx/clients.log');
    await one.begin();
    expect((await read('/var/log/nginx/clients.log')).clients).toMatchObject([{ subject: 'CN=till' }]);
    expect(await codeOf(read('/etc/windlass/secret'))).toBe('host.path-not-allowed');
  });

  it('may be installed again with other words', async () => {
    one.host.exec('cp "$(command -v nginx)" /run/other-nginx');
    install(
      ...PATHS,
      '--nginx',
      '/run/other-nginx',
      '--reload',
      'nginx',
      '--reload=-s',
      '--reload',
      'reload',
    );
    await one.begin();
    await one.stage();
    await one.commit();
    await one.expectSwitched();
    await one.revert();
    await one.expectBack();
  });
});

describe('what the installer refuses', () => {
  it.each([
    [['--user', 'a b', ...PATHS], '"a b" is not the name of a user'],
    [['--user', 'windlass'], 'name one managed path at least'],
    [['--user', 'windlass', '--path', 'client-ca.pem'], '"client-ca.pem" is not an absolute path'],
    [
      ['--user', 'windlass', ...PATHS, '--client-log', 'clients.log'],
      '"clients.log" is not an absolute path',
    ],
    [['--user', 'windlass', '--path', '/a\nnginx /bin/sh'], 'control character'],
  ])('%j', (args, says) => {
    expect(() => installer(...args)).toThrow(says);
  });
});
