import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeCa, runbookCommands, startTestPostgres, type TestPostgres, TypedShell } from '#kit';

const INSTALL_MS = 420_000;
const READY = { timeout: 120_000, interval: 250 };
/** Of the repository, in the place of what `npm run build` left: packing it there would build anew under other tests. */
const PACKED = ['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md', 'dist', 'policy', 'libs'];

const exec = promisify(execFile);
let folder: string;
let files: readonly string[];
let shell: TypedShell;

/** The command that the package brings, as somebody calls it who installed it. */
async function windlass(...args: string[]): Promise<{ code: number; said: string }> {
  try {
    const { stdout, stderr } = await exec('npx', ['--offline', '--no-install', 'windlass', ...args], {
      cwd: folder,
    });
    return { code: 0, said: `${stdout}${stderr}` };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, said: `${stdout}${stderr}` };
  }
}

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'windlass-package-'));
  const stage = path.join(folder, 'stage');
  mkdirSync(stage);
  for (const name of PACKED) cpSync(name, path.join(stage, name), { recursive: true });
  const npm = async (...args: string[]) =>
    (await exec('npm', [...args, '--no-audit', '--no-fund'], { cwd: folder })).stdout.trim();
  await npm('pack', stage, '--ignore-scripts', '--silent');
  const [tarball = ''] = execFileSync('sh', ['-c', 'echo windlass-*.tgz'], { cwd: folder, encoding: 'utf8' })
    .trim()
    .split(' ');
  files = execFileSync('tar', ['--list', '--gzip', '--file', tarball], { cwd: folder, encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((name) => name.replace(/^package\//, ''));
  writeFileSync(path.join(folder, 'package.json'), '{"name":"somebodys","private":true}');
  shell = TypedShell.open();
  const quiet = { npm_config_prefer_offline: 'true', npm_config_ignore_scripts: 'true' };
  Object.assign(shell.env, { ...quiet, npm_config_cache: await npm('config', 'get', 'cache') });
  Object.assign(shell.stands, { '/somewhere/else': folder, '/path/to/': `${folder}/` });
  const [install = []] = runbookCommands('docs/operations/deploy.md', 'npm');
  expect(await shell.type(install)).toContain('windlass: rotates the client CA');
}, INSTALL_MS);

afterAll(() => {
  shell?.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 });
});

describe('what npm packs', () => {
  it('is programs, the console, scripts for hosts, policies and the licence, and no test, source or page of docs/', () => {
    const strange = files.filter(
      (name) =>
        !/^(dist\/(apps|libs|migrations)|libs\/host\/script|libs\/platform\/postgres-guardian|policy)\//.test(
          name,
        ) && !['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md'].includes(name),
    );
    expect(strange).toEqual([]);
    expect(files.filter((name) => /\.test\.js$|\.tsx?$|\.map$|node_modules/.test(name))).toEqual([]);
    expect(files).toEqual(
      expect.arrayContaining([
        ...['api', 'worker', 'cli'].map((name) => `dist/apps/${name}/src/main.js`),
        ...['dist/apps/console/index.html', 'LICENSE', 'policy/vault/windlass.hcl'],
        ...['libs/host/script/windlass-host.sh', 'libs/platform/postgres-guardian/guardian.mjs'],
      ]),
    );
  });
});

describe('the installed package', () => {
  it('says what it does', async () => {
    expect(await windlass('--help')).toMatchObject({
      code: 0,
      said: expect.stringMatching(/^ +audit FILE +finds and mends/m),
    });
  });

  it('audits a configuration', async () => {
    const config = 'server { listen 443 ssl; server_name a.test; ssl_verify_client optional; }';
    writeFileSync(path.join(folder, 'site.conf'), config);
    const { code, said } = await windlass('audit', 'site.conf');
    expect(code).toBe(2);
    expect(said).toMatch(/site\.conf:1:\d+: (error|warning)/);
  });

  it('says what nginx would do with a client', async () => {
    const ca = await makeCa({ commonName: 'A client CA' });
    const client = await ca.issueClient({ commonName: 'a client' });
    writeFileSync(path.join(folder, 'ca.pem'), ca.certificatePem);
    writeFileSync(path.join(folder, 'client.pem'), client.certificatePem);
    const { code, said } = await windlass('preflight', '--bundle', 'ca.pem', '--client', 'client.pem');
    expect([code, said]).toEqual([0, expect.stringContaining('accepted')]);
  });

  it('prints the policy for Vault, which is no program', async () => {
    expect(await windlass('ca', 'policy', '--mount', 'pki', '--role', 'clients')).toMatchObject({
      ...{ code: 0, said: expect.stringContaining('capabilities') },
    });
  });

  describe('beside a PostgreSQL', () => {
    let postgres: TestPostgres;

    beforeAll(async () => {
      postgres = await startTestPostgres();
    });

    afterAll(() => postgres.close());

    it('is started as the page says', async () => {
      const key = Buffer.alloc(32, 7).toString('base64');
      Object.assign(shell.env, { DATABASE_URL: postgres.url, PORT: '0', WINDLASS_MASTER_KEY: key });
      shell.before = [`cd '${folder}'`];
      const [, [program = ''] = []] = runbookCommands('docs/operations/deploy.md', 'npm');
      await shell.typeUntil(program, /the API is ready/);
    }, 300_000);

    it('starts the API and a worker, and ends them', async () => {
      const key = 'k'.repeat(48);
      const env = {
        ...{ PATH: process.env.PATH, DATABASE_URL: postgres.url, WINDLASS_ADMIN_KEY: key, PORT: '0' },
        WINDLASS_MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
      };
      const start = (name: string) => {
        const program = path.join(folder, `node_modules/windlass/dist/apps/${name}/src/main.js`);
        expect(existsSync(program)).toBe(true);
        const child = spawn(process.execPath, [program], { cwd: folder, env });
        const over = once(child, 'close');
        let said = '';
        for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (said += text));
        const end = async () => {
          child.kill('SIGTERM');
          await over;
          return child.exitCode;
        };
        return { said: () => said, end };
      };
      const [api, worker] = [start('api'), start('worker')];
      try {
        await expect.poll(api.said, READY).toContain('the API is ready');
        await expect.poll(worker.said, READY).toContain('the worker is ready');
      } finally {
        expect([await api.end(), await worker.end()]).toEqual([0, 0]);
      }
    }, 300_000);
  });
});
