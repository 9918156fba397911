import { existsSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { deployCheck } from '#kit';
import { CONFIG_VARIABLES, readConfig } from '#platform';

interface Service {
  readonly image: string;
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly command: readonly string[] | null;
  readonly entrypoint: readonly string[] | null;
  readonly environment?: Readonly<Record<string, string>>;
  readonly profiles?: readonly string[];
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly healthcheck?: { readonly test?: readonly string[]; readonly disable?: boolean };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly volumes?: readonly { readonly type: string; readonly source: string }[];
  readonly ports?: readonly { readonly host_ip: string }[];
}

/** What must be set. */
const GIVEN = {
  POSTGRES_PASSWORD: 'a-password',
  WINDLASS_MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
  WINDLASS_ADMIN_KEY: 'k'.repeat(48),
};
const OURS = ['api', 'worker'];
const HOSTS = ['host-1', 'host-2', 'host-3'];
const TRY = [...HOSTS, 'try-enrol', 'try-keys', 'try-pki'];

let services: Readonly<Record<string, Service>>;
const service = (name: string): Service => {
  const found = services[name];
  if (!found) throw new Error(`there is no service ${name}`);
  return found;
};

describe('docker-compose.yml', () => {
  beforeAll(async () => {
    const { code, stdout, stderr } = await deployCheck(['compose', 'docker-compose.yml'], GIVEN);
    expect([code, stderr]).toEqual([0, '']);
    services = JSON.parse(stdout).services;
  });

  it('runs API, worker, PostgreSQL, Redis and Vault, and a fleet of three hosts where it is asked for', () => {
    const always = Object.keys(services).filter((name) => service(name).profiles === undefined);
    expect(always.sort()).toEqual(['api', 'postgres', 'redis', 'vault', 'worker']);
    expect(
      Object.keys(services)
        .filter((name) => service(name).profiles?.includes('try'))
        .sort(),
    ).toEqual(TRY);
  });

  it.each(Object.keys(GIVEN))('does not start without %s, and says so', async (left) => {
    const given = Object.fromEntries(Object.entries(GIVEN).filter(([name]) => name !== left));
    const { code, stderr } = await deployCheck(['compose', 'docker-compose.yml'], given);
    expect(code).toBe(1);
    expect(stderr).toContain(`required variable ${left} is missing a value`);
  });

  it.each(OURS)('gives %s an environment that it reads, all of it', (name) => {
    const { environment = {} } = service(name);
    expect(Object.keys(environment).filter((one) => !CONFIG_VARIABLES.includes(one))).toEqual([]);
    const config = readConfig(environment, '/');
    expect(config.databaseUrl?.reveal()).toBe('postgresql://windlass:a-password@postgres:5432/windlass');
    expect(config.redisUrl?.reveal()).toBe('redis://redis:6379');
    expect(config.masterKey?.reveal()).toBe(GIVEN.WINDLASS_MASTER_KEY);
    expect(config.adminKey?.reveal()).toBe(name === 'api' ? GIVEN.WINDLASS_ADMIN_KEY : undefined);
  });

  it.each(OURS)('runs %s without rights, on a file system that it cannot write to', (name) => {
    expect(service(name)).toMatchObject({
      ...{ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'], tmpfs: ['/tmp'] },
    });
    for (const [needed, { condition }] of Object.entries(service(name).depends_on ?? {})) {
      expect([needed, condition]).toEqual([needed, 'service_healthy']);
      expect(service(needed).healthcheck?.test).toBeDefined();
    }
  });

  it('takes the API as healthy when it can serve', () => {
    expect(service('api').healthcheck?.test?.join(' ')).toContain('/readyz');
  });

  it('listens on this machine alone', () => {
    const ports = Object.values(services).flatMap(({ ports = [] }) => ports);
    expect(ports.map(({ host_ip }) => host_ip)).toEqual(['127.0.0.1', '127.0.0.1']);
  });

  it('names folders, files and programs that are there', () => {
    for (const [name, { build, command, volumes = [] }] of Object.entries(services)) {
      if (build) expect(existsSync(`${build.context}/${build.dockerfile}`), name).toBe(true);
      for (const { type, source } of volumes)
        if (type === 'bind') expect(existsSync(source), source).toBe(true);
      for (const word of command ?? []) {
        if (!word.startsWith('dist/')) continue;
        expect(existsSync(word.replace(/^dist\//, '').replace(/\.js$/, '.ts')), word).toBe(true);
      }
    }
  });

  it('lets a host try a bundle on its own configuration, for which it mounts', () => {
    const rights = { cap_add: ['SYS_ADMIN'], security_opt: ['apparmor:unconfined'] };
    for (const host of HOSTS) expect(service(host)).toMatchObject(rights);
  });

  it('lets the hosts wait for the key and the CA, and who enrols them for the hosts and the API', () => {
    const done = { condition: 'service_completed_successfully' };
    for (const host of HOSTS)
      expect(service(host).depends_on).toMatchObject({ 'try-keys': done, 'try-pki': done });
    expect(Object.keys(service('try-enrol').depends_on ?? {}).sort()).toEqual(['api', ...HOSTS]);
    expect(service('try-enrol').environment?.TRY_HOSTS?.split(' ')).toEqual(HOSTS);
  });
});
