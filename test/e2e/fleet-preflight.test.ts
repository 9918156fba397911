import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeCa, runbookCommands, type TestCa, type TestCertificate, TypedShell } from '#kit';
import { revocationList } from '../kit/crl.js';
import { aHostBody, planted } from './bodies.js';
import { requestRotation } from './recording.js';
import { ServedFleet } from './served-fleet.js';

/** What changes on a host that is touched: its files with their times and content, and its nginx processes. */
const TRACES = `
  pgrep nginx
  find /etc/nginx /var/lib/windlass /run/tmp -type f -printf '%p %s %T@ %i\\n' 2>/dev/null | sort`;
const SITE = 'etc/nginx/conf.d/site.conf';

let served: ServedFleet;
let root: TestCa;
let issuing: TestCa;
let client: TestCertificate;
/** Of a chain with three CAs between it and the root. */
let deep: TestCertificate;
let deepChain: string;

beforeAll(async () => {
  served = await ServedFleet.open(3);
  root = await makeCa({ commonName: 'Partner root' });
  issuing = await root.issueIntermediate({ commonName: 'Partner issuing' });
  client = await issuing.issueClient({ commonName: 'till' });
  const second = await issuing.issueIntermediate({ commonName: 'Partner branch' });
  const third = await second.issueIntermediate({ commonName: 'Partner shop' });
  deep = await third.issueClient({ commonName: 'scale' });
  deepChain = [third, second, issuing].map(({ certificatePem }) => certificatePem).join('');
});

afterAll(() => served?.stop());

const traces = () => served.hosts.map((host) => host.exec(TRACES));
const till = () => ({ name: 'till', certificatePem: client.certificatePem + issuing.certificatePem });

let fleetId: string;

async function ask(body: Record<string, unknown> = {}) {
  const before = traces();
  const reply = await served.api.call('POST', `/v1/fleets/${fleetId}/preflight`, { body });
  expect(reply.status, reply.text).toBe(200);
  expect(traces()).toEqual(before);
  return reply.body;
}

async function addSample(name: string, { certificatePem }: TestCertificate, chainPem: string) {
  const body = { name, certificatePem, chainPem, expect: 'accepted' };
  const reply = await served.api.call('POST', `/v1/fleets/${fleetId}/samples`, { body });
  expect(reply.status, reply.text).toBe(201);
}

/** Changes the site of one host for a test, as its running nginx knows it. */
async function withSite(index: number, edit: (site: string) => string, test: () => Promise<void>) {
  const host = served.hosts[index];
  const site = host?.readFile(SITE) ?? '';
  const write = (text: string) => {
    host?.writeFile(SITE, text);
    host?.restartNginx();
  };
  write(edit(site));
  try {
    await test();
  } finally {
    write(site);
  }
}

describe('POST /v1/fleets/{fleetId}/preflight', () => {
  beforeEach(async () => {
    if (fleetId) await served.disband(fleetId);
    fleetId = await served.record();
  });

  it('is asked as docs/preflight.md says', async () => {
    const shell = TypedShell.open();
    const { url, adminKey } = served.api;
    Object.assign(shell.env, { WINDLASS_URL: url, WINDLASS_KEY: adminKey, FLEET: fleetId });
    shell.file('new-ca.pem', root.certificatePem);
    shell.file('till.pem', till().certificatePem);
    const stdout = await shell.type(runbookCommands('docs/preflight.md', 'On enrolled hosts').flat());
    shell.close();
    expect(JSON.parse(stdout).items).toMatchObject([{ client: 'till', verdict: 'accepted' }]);
  });

  it('finds a fleet ready, and says whose OpenSSL judged', async () => {
    const version = served.hosts[0]?.exec('openssl version').split(' (')[0]?.trim();
    const said = await ask();
    expect(said).toMatchObject({ passed: true, change: null, items: [] });
    expect(said.findings.map(({ code }: { code: string }) => code)).toEqual(['preflight.no-clients']);
    expect(said.verifiedBy).toEqual([`${version} of host-1`]);
    expect(said.hosts.map(({ host, findings }: Record<string, unknown>) => [host, findings])).toEqual(
      ['host-1', 'host-2', 'host-3'].map((host) => [host, []]),
    );
    expect(said.hosts[0].openssl).toEqual({ version, securityLevel: 2 });
  });

  it('judges the samples of the fleet by the settings of each host, with advice', async () => {
    await addSample('till', client, issuing.certificatePem);
    const bundlePem = served.bundles()[0] + root.certificatePem;
    await withSite(
      2,
      (site) => site.replace('ssl_verify_depth 2', 'ssl_verify_depth 0'),
      async () => {
        const said = await ask({ bundlePem });
        expect(said).toMatchObject({ passed: false, findings: [] });
        expect(said.items).toMatchObject([
          { client: 'till', verdict: 'accepted', where: expect.stringMatching(/^host-1 .* \(and 1 more\)$/) },
          {
            ...{
              client: 'till',
              verdict: 'refused',
              where: expect.stringMatching(/^host-3 .*site\.conf:1$/),
            },
            advice: ['set ssl_verify_depth to 1'],
          },
        ]);
        expect(said.change).toMatchObject({ accepted: 0, lost: [], gained: ['till'] });
      },
    );
    expect(await ask({ bundlePem })).toMatchObject({
      passed: true,
      change: { accepted: 1, gained: ['till'] },
    });
  });

  it('tries the bundle on every host, and quotes what nginx says', async () => {
    const said = await ask({ bundlePem: 'no certificate\n', clients: [till()] });
    expect(said.passed).toBe(false);
    for (const { host, findings } of said.hosts) {
      expect(findings).toMatchObject([{ code: 'host.config-test-failed', severity: 'error' }]);
      expect(findings[0].message).toMatch(new RegExp(`${host}.*client-ca\\.pem`));
    }
  });

  it('names every host that cannot be asked, and asks the others', async () => {
    await served.disband(fleetId);
    fleetId = await served.record({}, { hostKey: aHostBody().hostKey });
    const said = await ask({ clients: [{ ...till(), expect: 'refused' }] });
    expect(said).toMatchObject({ passed: false, items: [{ client: 'till', verdict: 'refused' }] });
    expect(said.hosts.map(({ findings }: { findings: unknown[] }) => findings.length)).toEqual([0, 0, 1]);
    expect(said.hosts[2]).toMatchObject({ openssl: null, findings: [{ code: 'host.key-changed' }] });
    expect(said.hosts[2].findings[0].message).toContain('host-3');
  });

  it('shows the absence of an OpenSSL, and judges by our own', async () => {
    const [host] = served.hosts;
    host?.exec('touch /run/nothing && mount --bind /run/nothing "$(command -v openssl)"');
    try {
      const said = await ask({ bundlePem: served.bundles()[0] + root.certificatePem, clients: [till()] });
      expect(said).toMatchObject({ passed: true });
      expect(said.verifiedBy[0]).toBe('the OpenSSL of Windlass, because host-1 has no openssl command');
      expect(said.verifiedBy[1]).toMatch(/^OpenSSL .* of host-2$/);
      expect(said.hosts[0]).toMatchObject({
        ...{ openssl: null, findings: [{ code: 'host.no-openssl', severity: 'warning' }] },
      });
    } finally {
      host?.exec('umount /usr/bin/openssl');
    }
  });

  it('reads the CRLs and the security level of a host', async () => {
    const bundlePem = served.bundles()[0] + root.certificatePem;
    served.hosts[1]?.writeFile('etc/nginx/crl.pem', await revocationList(root));
    const settings = 'ssl_crl /etc/nginx/crl.pem; ssl_ciphers DEFAULT:@SECLEVEL=3;';
    await withSite(
      1,
      (site) => site.replace('ssl_verify_client on;', `ssl_verify_client on; ${settings}`),
      async () => {
        const { items, findings, hosts } = await ask({ bundlePem, clients: [till()] });
        const [, atHost2] = items;
        expect(atHost2).toMatchObject({ verdict: 'refused', cause: 'unable to get certificate CRL' });
        expect(atHost2.where).toContain('host-2');
        expect(findings.map(({ code }: { code: string }) => code)).toContain('crl.missing');
        expect(hosts[1].findings.map(({ code }: { code: string }) => code)).toEqual([
          'nginx.crl-not-managed',
        ]);
      },
    );
  });

  it('quotes no key that stands in a bundle or beside a client', async () => {
    const key = planted('fleet key');
    const block = `-----BEGIN PRIVATE KEY-----\n${Buffer.from(key).toString('base64')}\n-----END PRIVATE KEY-----\n`;
    const { name, certificatePem } = till();
    const said = await ask({
      ...{ bundlePem: served.bundles()[0] + root.certificatePem + block },
      clients: [{ name, certificatePem: certificatePem + block }],
    });
    expect(said.findings).toMatchObject([{ code: 'block.private-key' }]);
    expect(JSON.stringify(said) + served.api.logLines.join('')).not.toContain(
      Buffer.from(key).toString('base64'),
    );
  });

  it('refuses a fleet without hosts, and one that is not there', async () => {
    await served.disband(fleetId);
    const none = await served.api.call('POST', `/v1/fleets/${fleetId}/preflight`, { body: {} });
    expect(none.body).toMatchObject({ status: 409, code: 'fleet.no-hosts' });
    const nobody = '0193a1c0-7b3e-7000-8000-000000000000';
    const unknown = await served.api.call('POST', `/v1/fleets/${nobody}/preflight`, { body: {} });
    expect(unknown.body).toMatchObject({ status: 404, code: 'fleet.not-found' });
  });
});

describe('a rotation', () => {
  beforeEach(async () => {
    if (fleetId) await served.disband(fleetId);
  });

  it('is refused with what would let a sample in', async () => {
    const bundlePem = served.bundles()[0] + root.certificatePem;
    for (const host of served.hosts) {
      host.writeFile('etc/nginx/trust/client-ca.pem', bundlePem);
      host.restartNginx();
    }
    fleetId = await served.record({ bundlePem });
    await addSample('scale', deep, deepChain);
    const rotation = await served.ended(await requestRotation(served.api, fleetId));
    expect(rotation.status).toBe('refused');
    expect(rotation.explanation).toMatch(
      /scale must be accepted .* the chain is longer than ssl_verify_depth/,
    );
    expect(rotation.explanation).toContain('Next: Set ssl_verify_depth to 3 (tried: it then gets in)');
  });

  it('tells what changes for the samples, and whose OpenSSL said so', async () => {
    fleetId = await served.record({ bundlePem: served.bundles()[0] });
    await addSample('till', client, issuing.certificatePem);
    const rotation = await served.ended(await requestRotation(served.api, fleetId));
    expect(rotation.status, rotation.explanation).toBe('succeeded');
    expect(rotation.generations.trustDiff).toMatch(/^\+1 -1 anchors: .*; samples: 1 accepted$/);
    expect(rotation.generations.verifiedBy).toEqual([expect.stringMatching(/^OpenSSL 3.* of host-[123]$/)]);
  });
});
