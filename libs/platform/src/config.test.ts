import { describe, expect, it } from 'vitest';
import { PortError } from '#engine';
import { DEFAULT_FOLDERS, readConfig } from './config.js';

function faultsOf(env: Record<string, string>): string {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof PortError) return error.problem.message;
  }
  return '';
}

describe('readConfig', () => {
  it('needs nothing', () => {
    expect(readConfig({}, '/srv/windlass')).toEqual({
      databaseUrl: null,
      redisUrl: null,
      dataDir: '/srv/windlass/.windlass',
      postgresDir: '/srv/windlass/.windlass/postgres',
      masterKeyFile: '/srv/windlass/.windlass/master.key',
      generatesMasterKey: false,
      oldMasterKeys: [],
      oldMasterKeyFiles: [],
      transit: null,
      namesMasterKey: false,
      host: '127.0.0.1',
      port: 8080,
      adminKey: null,
      oidc: null,
      rates: { requests: 6_000, refusals: 300 },
      masterKey: null,
      metrics: { host: '127.0.0.1', port: null },
      sshAgent: null,
      probeRanges: [],
      managedFolders: DEFAULT_FOLDERS.managedFolders,
      logFolders: DEFAULT_FOLDERS.logFolders,
      logLevel: 'info',
      tracing: { traces: false },
      workerConcurrency: 8,
      drainSeconds: 0,
      retentionDays: 90,
      webhookAllowedRanges: [],
    });
  });

  it('reads what is set and takes an empty variable as not set', () => {
    const config = readConfig({
      DATABASE_URL: 'postgresql://user:pw@db.example:5433/windlass?sslmode=require',
      REDIS_URL: 'rediss://cache.example:6380/2',
      WINDLASS_DATA_DIR: '/var/lib/windlass',
      PORT: '0',
      HOST: '',
      LOG_LEVEL: 'debug',
      WORKER_CONCURRENCY: '32',
      WINDLASS_WEBHOOK_ALLOWED_RANGES: '10.0.0.0/8, fd00::/8',
      WINDLASS_MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
      WINDLASS_ADMIN_KEY: 'wl_0123456789012345678901234567890123456789',
      SSH_AUTH_SOCK: '/run/windlass/agent',
      HOME: '/root',
    });
    expect(config.sshAgent).toBe('/run/windlass/agent');
    expect(config.databaseUrl?.reveal()).toContain('db.example');
    expect(config.redisUrl?.reveal()).toContain('cache.example');
    expect(config).toMatchObject({ dataDir: '/var/lib/windlass', port: 0, host: '127.0.0.1' });
    expect(config).toMatchObject({ logLevel: 'debug', workerConcurrency: 32 });
    expect(config.webhookAllowedRanges).toEqual(['10.0.0.0/8', 'fd00::/8']);
    expect(JSON.stringify(config)).not.toMatch(/pw@|wl_0123|BwcHBw/);
  });

  it('names every variable at fault at once, and no value', () => {
    const env = {
      DATABASE_URL: 'mysql://root:hunter2@db/x',
      REDIS_URL: 'hunter2',
      PORT: '70000',
      WINDLASS_ADMIN_KEY: 'hunter2',
      WINDLASS_MASTER_KEY: 'hunter2',
      WINDLASS_OIDC_ISSUER: 'http://hunter2.example',
      WINDLASS_OIDC_ROLES: '{"hunter2":"root"}',
      WINDLASS_RATE_LIMIT: '0',
      LOG_LEVEL: 'hunter2',
      WORKER_CONCURRENCY: '0',
      WINDLASS_DRAIN_SECONDS: '301',
      WINDLASS_RETENTION_DAYS: '0',
      WINDLASS_WEBHOOK_ALLOWED_RANGES: '10.0.0.0/8,hunter2',
    };
    const faults = faultsOf(env);
    for (const name of Object.keys(env)) expect(faults).toContain(name);
    expect(faults).not.toContain('hunter2');
  });

  it.each(['127.0.0.1', '10/8', '127.1/8', '10.0.0.0/33', 'fd00::/129', '10.0.0.0/8;::/0'])(
    'refuses the range %s',
    (ranges) => {
      expect(faultsOf({ WINDLASS_WEBHOOK_ALLOWED_RANGES: ranges })).toContain(
        'WINDLASS_WEBHOOK_ALLOWED_RANGES',
      );
    },
  );

  it.each(['-1', '65536', '80a', '1e3'])('refuses port %s', (port) => {
    expect(faultsOf({ PORT: port })).toContain('PORT');
  });

  const OIDC = {
    WINDLASS_OIDC_ISSUER: 'https://idp.example/realms/ops',
    WINDLASS_OIDC_AUDIENCE: 'windlass',
    WINDLASS_OIDC_ROLES: '{"pki-admins":"admin","CN=sre,OU=groups":"operator"}',
  };

  it('reads an issuer, and what the claims of its tokens mean', () => {
    expect(readConfig(OIDC).oidc).toEqual({
      ...{ issuer: 'https://idp.example/realms/ops', audience: 'windlass', rolesClaim: 'roles' },
      ...{ roles: { 'pki-admins': 'admin', 'CN=sre,OU=groups': 'operator' }, fleetsClaim: null },
    });
    const claims = { WINDLASS_OIDC_ROLES_CLAIM: 'realm_access.roles', WINDLASS_OIDC_FLEETS_CLAIM: 'fleets' };
    expect(readConfig({ ...OIDC, ...claims }).oidc).toMatchObject({
      ...{ rolesClaim: 'realm_access.roles', fleetsClaim: 'fleets' },
    });
  });

  it.each([
    ['no audience', { ...OIDC, WINDLASS_OIDC_AUDIENCE: '' }, 'WINDLASS_OIDC_AUDIENCE is needed'],
    ['no roles', { ...OIDC, WINDLASS_OIDC_ROLES: '' }, 'WINDLASS_OIDC_ROLES is needed'],
    ['an empty table of roles', { ...OIDC, WINDLASS_OIDC_ROLES: '{}' }, 'WINDLASS_OIDC_ROLES must be JSON'],
    ['no JSON', { ...OIDC, WINDLASS_OIDC_ROLES: 'admin' }, 'WINDLASS_OIDC_ROLES must be JSON'],
    ['a query', { ...OIDC, WINDLASS_OIDC_ISSUER: 'https://idp.example/?a' }, 'WINDLASS_OIDC_ISSUER must be'],
    ['plain HTTP', { ...OIDC, WINDLASS_OIDC_ISSUER: 'http://idp.example' }, 'WINDLASS_OIDC_ISSUER must be'],
    ['a claim and no issuer', { WINDLASS_OIDC_FLEETS_CLAIM: 'f' }, 'WINDLASS_OIDC_FLEETS_CLAIM does nothing'],
  ])('refuses an issuer with %s', (_, env, fault) => {
    expect(faultsOf(env)).toContain(fault);
  });

  it('reads the keys before, and where a key lies', () => {
    const [one, other] = [1, 2].map((byte) => Buffer.alloc(32, byte).toString('base64'));
    const config = readConfig(
      {
        WINDLASS_MASTER_KEY_FILE: 'keys/now',
        WINDLASS_GENERATE_MASTER_KEY: '1',
        WINDLASS_OLD_MASTER_KEYS: `${one}, ${other},`,
        WINDLASS_OLD_MASTER_KEY_FILES: '/run/secrets/old,older',
      },
      '/srv',
    );
    expect(config.oldMasterKeys.map((key) => key.reveal())).toEqual([one, other]);
    expect(config).toMatchObject({ masterKeyFile: '/srv/keys/now', generatesMasterKey: true });
    expect(config.oldMasterKeyFiles).toEqual(['/run/secrets/old', '/srv/older']);
  });

  it('refuses a key and a file of it at once, and an old key that is none', () => {
    const WINDLASS_MASTER_KEY = Buffer.alloc(32, 7).toString('base64');
    expect(faultsOf({ WINDLASS_MASTER_KEY, WINDLASS_MASTER_KEY_FILE: 'x' })).toMatch(
      /KEY_FILE .*leave one out/,
    );
    const faults = faultsOf({ WINDLASS_OLD_MASTER_KEYS: `${WINDLASS_MASTER_KEY},hunter2` });
    expect(faults).toContain('WINDLASS_OLD_MASTER_KEYS');
    expect(faults).not.toContain('hunter2');
  });

  it('reads where a master key is wrapped', () => {
    const env = { WINDLASS_TRANSIT_KEY: 'windlass', WINDLASS_TRANSIT_ADDRESS: 'https://vault.example' };
    const config = readConfig({ ...env, WINDLASS_TRANSIT_TOKEN_FILE: 'token' }, '/run');
    expect(config.transit).toEqual({
      ...{ address: 'https://vault.example', namespace: '', mount: 'transit', key: 'windlass' },
      ...{ serverCaFile: null, login: { tokenFile: '/run/token' } },
    });
    const role = { WINDLASS_TRANSIT_ROLE_ID: 'r', WINDLASS_TRANSIT_SECRET_ID: 's3cr3t' };
    expect(JSON.stringify(readConfig({ ...env, ...role }))).not.toContain('s3cr3t');
    expect(readConfig({ ...env, ...role }).transit?.login).toMatchObject({
      appRole: { mount: 'approle', roleId: 'r' },
    });
  });

  it.each([
    ['no address', { WINDLASS_TRANSIT_TOKEN: 't' }, /TRANSIT_ADDRESS/],
    ['no login', { WINDLASS_TRANSIT_ADDRESS: 'https://v' }, /TOKEN_FILE.*one login/],
    ['half a login', { WINDLASS_TRANSIT_ADDRESS: 'https://v', WINDLASS_TRANSIT_ROLE_ID: 'r' }, /one login/],
    [
      'two logins',
      {
        WINDLASS_TRANSIT_ADDRESS: 'https://v',
        WINDLASS_TRANSIT_TOKEN: 't',
        WINDLASS_TRANSIT_TOKEN_FILE: 'f',
      },
      /one login/,
    ],
  ])('refuses transit with %s', (_what, env, fault) => {
    expect(faultsOf({ WINDLASS_TRANSIT_KEY: 'windlass', ...env })).toMatch(fault);
  });

  it.each(['etc', '/etc/../root', '/etc,relative', '/etc//nginx'])('refuses the folders %s', (text) => {
    expect(faultsOf({ WINDLASS_MANAGED_FOLDERS: text })).toContain('WINDLASS_MANAGED_FOLDERS');
    expect(faultsOf({ WINDLASS_LOG_FOLDERS: text })).toContain('WINDLASS_LOG_FOLDERS');
  });

  it('serves the metrics of a worker where it is told a port', () => {
    const env = { WINDLASS_METRICS_PORT: '9464', WINDLASS_METRICS_HOST: '10.0.0.7' };
    expect(readConfig(env).metrics).toEqual({ host: '10.0.0.7', port: 9464 });
    expect(faultsOf({ WINDLASS_METRICS_PORT: '70000' })).toContain('WINDLASS_METRICS_PORT');
  });

  it('reads where probes may go, and refuses what is no range', () => {
    expect(readConfig({ WINDLASS_PROBE_RANGES: '10.0.0.0/8, fd00::/8' }).probeRanges).toEqual([
      '10.0.0.0/8',
      'fd00::/8',
    ]);
    for (const text of ['10.0.0.0', '10.0.0.0/33', 'fd00::/129', 'example.com/8', '10.0.0.0/8;::/0']) {
      expect(faultsOf({ WINDLASS_PROBE_RANGES: text }), text).toContain('WINDLASS_PROBE_RANGES');
    }
  });
});
