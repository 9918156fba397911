import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Secret } from '#engine';
import { CLIENT_LOG_FORMAT } from '#nginx-audit';
import { TlsProbe } from '#probe';
import { ANY_STATE, requestRotation } from './recording.js';
import type { Reply } from './running-api.js';
import { ServedFleet } from './served-fleet.js';

const LOG = '/var/log/nginx/clients.log';
const SITE = 'etc/nginx/conf.d/site.conf';
const SOAK_SECONDS = 8;

interface Client {
  readonly certificatePem: string;
  readonly chainPem: string;
  readonly privateKey: Secret;
}

let served: ServedFleet;
let fleetId: string;

beforeAll(async () => {
  served = await ServedFleet.open(2);
  for (const index of served.hosts.keys()) writeSite(index, (site) => site);
});

afterAll(() => served?.stop());

/** The site of a host with the client log in front, as its nginx knows it from a start. */
function writeSite(index: number, edit: (site: string) => string): void {
  const host = served.hosts[index];
  const logged = (site: string) =>
    site.includes(LOG)
      ? site
      : `${CLIENT_LOG_FORMAT}\n${site.replace('server {', `server {\n  access_log ${LOG} windlass_clients;`)}`;
  host?.writeFile(SITE, edit(logged(host.readFile(SITE))));
  host?.restartNginx();
}

async function enrol(commonName: string): Promise<Client> {
  const { data } = await served.askVault('POST', 'pki/issue/clients', { common_name: commonName, ttl: '1h' });
  const { certificate, private_key: key } = data;
  return { certificatePem: `${certificate}\n`, chainPem: '', privateKey: new Secret(`${key}\n`) };
}

/** The client comes to a host; true when it was let in. */
async function comes(client: Client | null, index: number): Promise<boolean> {
  const host = served.hosts[index];
  const place = {
    address: host?.address ?? '',
    port: host?.httpsPort ?? 0,
    serverName: 'edge.test',
    path: '/',
  };
  const answer = await new TlsProbe().ask(place, client);
  return answer.kind === 'http' && answer.status === 200;
}

async function record(over: object = {}): Promise<void> {
  if (fleetId) await served.disband(fleetId);
  fleetId = await served.record({
    ...{ bundlePem: served.bundles()[0], clientLog: LOG, soakSeconds: SOAK_SECONDS },
    ...over,
  });
}

const clients = () => served.api.call('GET', `/v1/fleets/${fleetId}/clients`);

describe('GET /v1/fleets/{fleetId}/clients', () => {
  it('tells who comes to which host, and with whose certificate', async () => {
    await record();
    const till = await enrol('till, "7"');
    expect([await comes(till, 0), await comes(till, 1), await comes(till, 1)]).toEqual([true, true, true]);
    expect(await comes(null, 0)).toBe(false);
    const { status, body, text } = await clients();
    expect(status, text).toBe(200);
    expect(body.items).toMatchObject([
      {
        ...{ subject: 'CN=till\\, \\"7\\"', requests: 3, hosts: ['host-1', 'host-2'] },
        issuer: 'CN=Served client CA',
      },
    ]);
    expect(Date.now() - Date.parse(body.items[0].lastSeen)).toBeLessThan(60_000);
    expect(body.hosts).toMatchObject([
      { host: 'host-1', unknown: null },
      { host: 'host-2', unknown: null },
    ]);
  });

  it('reads the log that was rotated away as well', async () => {
    served.hosts[0]?.exec(`mv ${LOG} ${LOG}.1 && nginx -s reopen; sleep 0.3`);
    await comes(await enrol('app'), 0);
    const { body } = await clients();
    expect(body.items.map(({ subject }: Reply['body']) => subject)).toEqual(['CN=app', 'CN=till\\, \\"7\\"']);
  });

  it('says which host does not tell, and why', async () => {
    writeSite(1, (site) => site.replace('location / {', 'location / { access_log off;'));
    const { body } = await clients();
    expect(body.hosts[0].unknown).toBeNull();
    expect(body.hosts[1].unknown).toMatch(/the location at .*site\.conf:\d+ does not write/);
    writeSite(1, (site) => site.replace(' access_log off;', ''));
  });

  it('needs a fleet that keeps one', async () => {
    await record({ clientLog: null });
    const { body } = await clients();
    expect(body).toMatchObject({ status: 409, code: 'fleet.no-client-log' });
    expect(body.nextAction).toContain('log_format windlass_clients');
  });

  it.each(['relative.log', '/var/log/../x', '/var/log/', '', 7])(
    'refuses %j for a log',
    async (clientLog) => {
      const reply = await served.api.call('POST', '/v1/fleets', { body: { clientLog } });
      expect(reply.status).toBe(400);
      expect(reply.body.errors).toContainEqual(expect.objectContaining({ pointer: '#/clientLog' }));
    },
  );
});

describe('a contract', () => {
  it('waits for who comes with a certificate of the old CA, and for nobody who only holds one', async () => {
    const stays = await enrol('stays');
    await enrol('holds one and never comes');
    await record();
    const id = await requestRotation(served.api, fleetId);
    await served.until(id, ({ phase }) => phase === 'soak');
    let coming = true;
    const visits = (async () => {
      while (coming) {
        expect(await comes(stays, 1)).toBe(true);
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
    })();
    const held = await served.until(id, ({ gate }) => gate.open === false);
    expect(held.gate.because).toMatch(/^1 client still uses CN=.*: CN=stays$/);
    expect(held.gate.users).toMatchObject([{ name: 'CN=stays', until: null }]);
    expect(held.explanation).toContain('CN=stays');
    coming = false;
    await visits;
    const ended = await served.ended(id);
    expect(ended.status, ended.explanation).toBe('succeeded');
    const [contract] = ended.decisions.filter(({ kind }: Reply['body']) => kind === 'contract');
    expect(contract.because).toMatch(/no host has seen a client of CN=.* for 8 s/);
    expect(await comes(stays, 1)).toBe(false);
  });

  it('does not go on while one host does not tell', async () => {
    await enrol('holds one');
    writeSite(1, (site) => site.replace('location / {', 'location / { access_log off;'));
    await record({ soakSeconds: 2 });
    const id = await requestRotation(served.api, fleetId);
    const held = await served.until(id, ({ gate }) => gate.open === false);
    expect(held.gate.because).toMatch(/1 client may still use CN=.*: CN=holds one/);
    await served.api.call('POST', `/v1/rotations/${id}:override`, {
      headers: ANY_STATE,
      body: { reason: 'the end of the test' },
    });
    await served.ended(id);
  });
});
