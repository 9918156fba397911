import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CONFIG_VARIABLES } from '#platform';

const FOLDER = 'deploy/systemd';
/** Of ten; what systemd itself calls OK. Both are at 1.2 with systemd 252. */
const EXPOSURE_AT_MOST = 2;

const run = (command: string, ...args: string[]) => {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  if (error) throw error;
  return { status, said: `${stdout}${stderr}` };
};

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'windlass-systemd-'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(['api', 'worker'])('windlass-%s.service', (name) => {
  const unit = `${FOLDER}/windlass-${name}.service`;
  const lines = readFileSync(unit, 'utf8').split('\n');
  const values = (key: string): readonly string[] =>
    lines.flatMap((line) => (line.startsWith(`${key}=`) ? [line.slice(key.length + 1)] : []));

  it('is what systemd takes', () => {
    // Where Node lies is the machine's own.
    const file = path.join(folder, path.basename(unit));
    writeFileSync(file, lines.join('\n').replace('/usr/bin/node', process.execPath));
    expect(run('systemd-analyze', 'verify', file)).toEqual({ status: 0, said: '' });
  });

  it('exposes little', () => {
    const { said } = run('systemd-analyze', 'security', '--offline=true', unit);
    const [, exposure] = /Overall exposure level for \S+: ([\d.]+)/.exec(said) ?? [];
    expect(Number(exposure)).toBeLessThanOrEqual(EXPOSURE_AT_MOST);
  });

  it('reads each secret from a credential, and names variables that our configuration reads', () => {
    const credentials = values('LoadCredential').map((value) => value.split(':', 1)[0]);
    const variables = values('Environment').map((value) => value.split('=') as [string, string]);
    expect(variables.map(([one]) => one).filter((one) => !CONFIG_VARIABLES.includes(one))).toEqual([
      'NODE_ENV',
    ]);
    const files = variables.filter(([one]) => one.endsWith('_FILE'));
    expect(files.map(([, file]) => file)).toEqual(credentials.map((credential) => `%d/${credential}`));
    expect(files.map(([one]) => one)).toEqual([
      ...['DATABASE_URL_FILE', 'WINDLASS_MASTER_KEY_FILE'],
      ...(name === 'api' ? ['WINDLASS_ADMIN_KEY_FILE'] : []),
    ]);
  });

  it('starts a program of the package, as nobody', () => {
    const [, program = ''] = /^\/usr\/bin\/node dist\/(.*)\.js$/.exec(values('ExecStart')[0] ?? '') ?? [];
    expect(existsSync(`${program}.ts`)).toBe(true);
    expect(values('User')).toEqual(['windlass']);
  });
});

describe('what the units need on the machine', () => {
  it('is a user without a shell, and a folder for secrets that is root’s alone', () => {
    mkdirSync(path.join(folder, 'etc'));
    for (const file of ['passwd', 'group']) writeFileSync(path.join(folder, 'etc', file), '');
    const ours = (file: string) => path.resolve(FOLDER, file);
    expect(run('systemd-sysusers', `--root=${folder}`, ours('windlass.sysusers.conf')).status).toBe(0);
    expect(readFileSync(path.join(folder, 'etc/passwd'), 'utf8')).toMatch(
      /^windlass:x:\d+:.*:\/usr\/sbin\/nologin$/m,
    );
    const made = run('systemd-tmpfiles', `--root=${folder}`, '--create', ours('windlass.tmpfiles.conf'));
    expect(made).toEqual({ status: 0, said: '' });
    expect(statSync(path.join(folder, 'etc/windlass')).mode & 0o777).toBe(0o700);
  });
});
