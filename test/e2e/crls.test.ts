// Long because each test begins with the fleet as the one before left it.
import { X509Certificate } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ProbeIdentity, Secret, type SessionKind } from '#engine';
import { makeCa, revocationList, type TestCa } from '#kit';
import { TlsProbe } from '#probe';
import { composeGeneration, crlsIn, revokedBy } from '#trust';
import { statusOf } from '../conformance/probe-servers.js';
import { ANY_STATE } from './recording.js';
import type { Reply } from './running-api.js';
import { oneRevokingRoot, ServedFleet } from './served-fleet.js';
import { newVaultClient, revokeClient, target, type VaultClient } from './vault-clients.js';

const KINDS: readonly SessionKind[] = ['TLS 1.2 session id', 'TLS 1.2 ticket', 'TLS 1.3 ticket'];
const HOUR = 3_600_000;
const probe = new TlsProbe({ timeoutMilliseconds: 10_000 });

/** A fleet that checks revocation, from its first day on: real nginx, sshd and Vault. */
describe('a fleet whose generations hold CRLs', () => {
  let served: ServedFleet;
  let fleetId: string;
  let bundle: string;
  let partners: TestCa;
  beforeAll(async () => {
    served = await ServedFleet.open(2, {}, oneRevokingRoot);
    bundle = served.bundles()[0] ?? '';
    fleetId = await served.record({ revocation: 'crl', contractWhen: 'unused' });
  });
  afterAll(() => served?.stop());

  const ask = (body: object): Promise<Reply> =>
    served.api.call('POST', '/v1/rotations', { body: { fleetId, ...body } });
  const run = async (body: object): Promise<Reply['body']> => {
    const asked = await ask(body);
    expect(asked.status, asked.text).toBe(202);
    return served.ended(asked.body.id);
  };
  const onAll = (identity: ProbeIdentity) =>
    Promise.all(served.hosts.map(async (host) => statusOf(await probe.ask(target(host), identity))));
  const newClient = () => newVaultClient(served);
  const revoke = (client: VaultClient) => revokeClient(served, client);
  const hand = (crlsPem: string) =>
    served.api.call('PUT', `/v1/fleets/${fleetId}/crls`, { body: { crlsPem } });
  const crls = async () => (await served.api.call('GET', `/v1/fleets/${fleetId}/crls`)).body.items;

  it('is recorded with the CRLs of its bundle only', async () => {
    const { body } = await served.api.call('GET', `/v1/fleets/${fleetId}`);
    expect(body).toMatchObject({ revocation: 'crl' });
    expect(await crls()).toMatchObject([
      { subject: 'CN=Served client CA', served: { revoked: 0 }, handedIn: null },
    ]);
    const [root] = bundle.split('# CRL');
    const without = await served.api.call('POST', '/v1/fleets', {
      body: {
        ...{ name: 'none', revocation: 'crl', bundlePem: root },
        issuingCa: { address: served.vault.address, mount: 'pki', role: 'clients', token: 't' },
      },
    });
    expect([without.status, without.body.code]).toEqual([422, 'bundle.unusable']);
    expect(without.body.detail).toMatch(/CN=Served client CA\) has no CRL/);
  });

  /** Behind a gate that stays closed, and in a pause, whoever is revoked is shut out, and nobody else is. */
  async function inSoak(
    id: string,
    { straggler, gone, stays }: Record<'straggler' | 'gone' | 'stays', VaultClient>,
  ) {
    const kept = (count: number) =>
      served.until(id, ({ decisions, hosts }) => {
        const refreshes = decisions.filter(
          (one: Reply['body']) => one.kind === 'keep' && one.transition === 'refresh',
        );
        const whole = hosts.every((host: Reply['body']) => host.step === 'confirmed');
        return refreshes.length === count && whole;
      });
    const retry = async () =>
      expect(
        (await served.api.call('POST', `/v1/rotations/${id}:retry`, { headers: ANY_STATE })).status,
      ).toBe(202);
    await retry();
    const refreshed = await kept(1);
    expect([refreshed.status, refreshed.phase]).toEqual(['running', 'soak']);
    // Null while it is judged anew, as the retry asks for that as well.
    expect(refreshed.gate.open).not.toBe(true);
    expect([await onAll(straggler), await onAll(gone), await onAll(stays)]).toEqual([
      [200, 200],
      [400, 400],
      [200, 200],
    ]);
    expect((await crls()).map(({ served: { revoked } }: Reply['body']) => revoked).sort()).toEqual([0, 1]);
    await served.api.call('POST', `/v1/rotations/${id}:pause`, {
      headers: ANY_STATE,
      body: { reason: 'lunch' },
    });
    const another = await newClient();
    await revoke(another);
    await retry();
    const paused = await kept(2);
    expect([paused.status, paused.phase]).toEqual(['paused', 'soak']);
    expect([await onAll(another), await onAll(straggler)]).toEqual([
      [400, 400],
      [200, 200],
    ]);
    await served.api.call('POST', `/v1/rotations/${id}:resume`, { headers: ANY_STATE });
  }

  it('overlap: both CAs with their CRLs, then the new one with the CRL of the hour of the contract', async () => {
    // Whoever has a certificate of the old CA keeps the gate closed.
    const straggler = await newClient();
    const asked = await ask({ reason: 'the first' });
    expect(asked.status, asked.text).toBe(202);
    const waiting = await served.until(asked.body.id, ({ gate }) => gate.open === false);
    expect(waiting.explanation).toMatch(
      /The CRL of CN=\S+ client CA that the hosts have ends at 20\S+; they are given others before/,
    );
    for (const text of served.bundles()) expect(crlsIn(text)).toHaveLength(2);
    const [gone, stays] = [await newClient(), await newClient()];
    await revoke(gone);
    expect([await onAll(straggler), await onAll(gone)]).toEqual([
      [200, 200],
      [200, 200],
    ]);
    await inSoak(asked.body.id, { straggler, gone, stays });
    const override = { reason: 'the straggler is gone' };
    await served.api.call('POST', `/v1/rotations/${asked.body.id}:override`, {
      headers: ANY_STATE,
      body: override,
    });
    const rotation = await served.ended(asked.body.id);
    expect(rotation.status, rotation.explanation).toBe('succeeded');
    for (const text of served.bundles()) expect(crlsIn(text).flatMap(revokedBy)).toHaveLength(2);
    expect([await onAll(straggler), await onAll(gone), await onAll(stays)]).toEqual([
      [400, 400],
      [400, 400],
      [200, 200],
    ]);
    expect(rotation.generations.trustDiff).toMatch(/^\+1 -1 anchors: .*; CRLs: CN=.* until 20/);
  });

  it('refresh: a client that is revoked is refused fresh and resumed, and another one is not', async () => {
    const [gone, stays] = [await newClient(), await newClient()];
    const saved = await Promise.all(
      served.hosts.flatMap((host) =>
        KINDS.map(async (kind) => {
          const { session } = await probe.visit(target(host), gone, { kind, session: null });
          return { host, kind, session };
        }),
      ),
    );
    const comeBack = () =>
      Promise.all(
        saved.map(async ({ host, kind, session }) => {
          const visit = await probe.visit(target(host), gone, { kind, session });
          return statusOf(visit.answer);
        }),
      );
    const idle = await run({ strategy: 'refresh' });
    expect(idle.status).toBe('refused');
    expect(idle.explanation).toMatch(/serves revoke whom those of now revoke.*Next: Nothing is to be done/);
    await revoke(gone);
    expect([await onAll(gone), await comeBack()]).toEqual([[200, 200], saved.map(() => 200)]);
    const rotation = await run({ strategy: 'refresh', reason: 'a laptop was stolen' });
    expect(rotation.status, rotation.explanation).toBe('succeeded');
    expect(rotation.explanation).toContain('all 2 hosts are observed with the CRLs of now');
    expect(rotation.generations.trustDiff).toMatch(/^\+0 -0 anchors; CRLs: CN=.* \+1 -0 revoked until 20/);
    expect([await onAll(gone), await onAll(stays)]).toEqual([
      [400, 400],
      [200, 200],
    ]);
    expect(await comeBack()).toEqual(saved.map(() => 400));
    expect(await crls()).toMatchObject([{ served: { revoked: 3 } }]);
    const { serialNumber } = new X509Certificate(gone.certificatePem);
    for (const text of served.bundles()) {
      expect(crlsIn(text).flatMap(revokedBy)).toContain(serialNumber.toLowerCase());
    }
  });

  it('refresh: a sample client that is revoked is named, and holds up no later one', async () => {
    const laptop = await newClient();
    const sample = await served.api.call('POST', `/v1/fleets/${fleetId}/samples`, {
      body: {
        ...{ name: 'laptop', expect: 'accepted', chainPem: '' },
        ...{ certificatePem: laptop.certificatePem, privateKey: laptop.privateKey?.reveal() },
      },
    });
    expect(sample.status, sample.text).toBe(201);
    await revoke(laptop);
    const named = await run({ strategy: 'refresh', reason: 'it was stolen' });
    expect(named.status, named.explanation).toBe('succeeded');
    expect(named.generations.trustDiff).toMatch(/samples: 0 accepted, 1 will be refused: laptop$/);
    expect(named.hosts[1].probes.join('\n')).toContain('sample laptop refused, as it must');
    await revoke(await newClient());
    const later = await run({ strategy: 'refresh', reason: 'another one' });
    expect(later.status, later.explanation).toBe('succeeded');
    await served.api.call('DELETE', `/v1/fleets/${fleetId}/samples/${sample.body.id}`);
  });

  it('rehearse: the canary has a CRL of its own', async () => {
    const before = served.bundles().map((text) => crlsIn(text).length);
    const rotation = await run({ strategy: 'rehearse', reason: 'fire drill' });
    expect(rotation.status, rotation.explanation).toBe('succeeded');
    expect(served.bundles().map((text) => crlsIn(text).length)).toEqual(before);
  });

  it('takes CRLs of other CAs from people, and refuses a bundle whose CA has none', async () => {
    partners = await makeCa({ commonName: 'Partners CA' });
    const anchors = served.bundles()[0]?.split('# CRL')[0] ?? '';
    const both = (crlsPem: readonly string[]) =>
      composeGeneration({ anchorsPem: [anchors, partners.certificatePem], crlsPem, markerPem: null }).content;
    const without = await run({ strategy: 'replace', bundlePem: both([]), reason: 'partners' });
    expect(without.status).toBe('refused');
    expect(without.explanation).toMatch(/CN=Partners CA\) has no CRL.*Next: .*PUT \/v1\/fleets\/.*\/crls/);
    const crl = await revocationList(partners, { thisUpdate: Date.now() - HOUR });
    const rotation = await run({ strategy: 'replace', bundlePem: both([crl]), reason: 'partners' });
    expect(rotation.status, rotation.explanation).toBe('succeeded');
    const client = await partners.issueClient({ commonName: 'partner' });
    const identity = { ...client, chainPem: '', privateKey: new Secret(client.privateKeyPem) };
    expect(await onAll(identity)).toEqual([200, 200]);

    const stranger = await makeCa({ commonName: 'Partners CA' });
    const foreign = await hand(await revocationList(stranger));
    expect([foreign.status, foreign.body.code]).toEqual([422, 'crl.unusable']);
    expect(foreign.body.detail).toContain('is signed by no CA that the fleet trusts');
    const over = await revocationList(partners, {
      thisUpdate: Date.now() - 9 * HOUR,
      nextUpdate: Date.now() - HOUR,
    });
    expect((await hand(over)).body.detail).toContain('ended at');
    const handed = await hand(await revocationList(partners, { thisUpdate: Date.now(), revoked: [client] }));
    expect(handed.status, handed.text).toBe(200);
    expect(handed.body.items[1]).toMatchObject({ served: { revoked: 0 }, handedIn: { revoked: 1 } });
    const refresh = await run({ strategy: 'refresh', reason: 'a partner left' });
    expect(refresh.status, refresh.explanation).toBe('succeeded');
    expect(await onAll(identity)).toEqual([400, 400]);
    expect(await onAll(await newClient())).toEqual([200, 200]);
  });

  it('overlap: a sample that its CA revoked in the soak is refused by the contract, as the change says', async () => {
    await newClient();
    const client = await partners.issueClient({ commonName: 'partner' });
    const { certificatePem, privateKeyPem: privateKey } = client;
    const samples = `/v1/fleets/${fleetId}/samples`;
    const body = { name: 'partner', certificatePem, privateKey, expect: 'accepted' };
    const sample = await served.api.call('POST', samples, { body });
    expect(sample.status, sample.text).toBe(201);
    const asked = await ask({ reason: 'the next' });
    expect(asked.status, asked.text).toBe(202);
    const waiting = await served.until(asked.body.id, ({ gate }) => gate.open === false);
    expect(waiting.generations.trustDiff).toContain('samples: 1 accepted');
    const handed = await hand(await revocationList(partners, { thisUpdate: Date.now(), revoked: [client] }));
    expect(handed.status, handed.text).toBe(200);
    const override = { reason: 'nobody is left' };
    await served.api.call('POST', `/v1/rotations/${asked.body.id}:override`, {
      headers: ANY_STATE,
      body: override,
    });
    const rotation = await served.ended(asked.body.id);
    expect(rotation.status, rotation.explanation).toBe('succeeded');
    expect(rotation.generations.trustDiff).toContain('samples: 0 accepted, 1 will be refused: partner');
    const identity = { certificatePem, chainPem: '', privateKey: new Secret(privateKey) };
    expect(await onAll(identity)).toEqual([400, 400]);
    expect((await served.api.call('DELETE', `${samples}/${sample.body.id}`)).status).toBe(204);
  });

  it('refreshes by itself when the first CRL is due, and not where there is nothing to bring', async () => {
    const made = await served.api.call('POST', `/v1/fleets/${fleetId}/schedules`, {
      body: { kind: 'refresh', cron: '* * * * * *', rotateEachTime: true },
    });
    expect(made.status, made.text).toBe(201);
    const path = `/v1/fleets/${fleetId}/schedules/${made.body.id}`;
    const until = async (words: RegExp) => {
      for (const deadline = Date.now() + 60_000; Date.now() < deadline; await sleep(200)) {
        const { lastOutcome } = (await served.api.call('GET', path)).body;
        if (words.test(lastOutcome ?? '')) return lastOutcome;
      }
      throw new Error(JSON.stringify((await served.api.call('GET', path)).body));
    };
    await until(/^nothing to do/);
    const gone = await newClient();
    await revoke(gone);
    const started = await until(/^rotation .* started/);
    const [, rotationId = ''] = /rotation (\S+) started/.exec(started) ?? [];
    const rotation = await served.ended(rotationId);
    expect(rotation.status, rotation.explanation).toBe('succeeded');
    expect(await onAll(gone)).toEqual([400, 400]);
    const { body } = await served.api.call('GET', path);
    expect(body.explanation).toContain('Brings the CRLs of now each time');
    expect((await served.api.call('DELETE', path)).status).toBe(204);
  });

  it('F32: a stale CRL that nobody can renew is refused before a host is touched', async () => {
    const before = served.bundles();
    const survey = (await served.askVault('LIST', 'pki/issuers')) as unknown as { data: { keys: string[] } };
    await served.askVault('POST', 'pki/config/crl', { expiry: '1s' });
    await served.askVault('GET', 'pki/crl/rotate');
    await sleep(1_200);
    expect(survey.data.keys.length).toBeGreaterThan(0);
    const rotation = await run({ reason: 'the second' });
    expect(rotation.status).toBe('refused');
    expect(rotation.explanation).toMatch(/no host was switched.*CRL/);
    expect(served.bundles()).toEqual(before);
    await served.askVault('POST', 'pki/config/crl', { expiry: '72h' });
    await served.askVault('GET', 'pki/crl/rotate');
  });

  it('distrust: goes on while Vault is away, with the CRLs that the hosts have', async () => {
    const { anchor } = (await crls()).find(({ subject }: Reply['body']) => subject === 'CN=Partners CA');
    await served.vault.seal();
    const asked = await ask({ strategy: 'distrust', anchors: [anchor], reason: 'it was stolen' });
    expect(asked.status, asked.text).toBe(202);
    await served.until(asked.body.id, ({ hosts }) =>
      hosts.every(({ serving }: Reply['body']) => serving === 'new'),
    );
    for (const text of served.bundles()) expect(crlsIn(text)).toHaveLength(1);
    await served.vault.unseal();
    const rotation = await served.ended(asked.body.id);
    expect(rotation.status, rotation.explanation).toBe('succeeded');
    expect(await onAll(await newClient())).toEqual([200, 200]);
  });

  it('refresh: comes after a CRL that ended, when nobody is let in any more', async () => {
    await served.disband(fleetId);
    await served.askVault('POST', 'pki/config/crl', { expiry: '20s' });
    await served.askVault('GET', 'pki/crl/rotate');
    const { data } = await served.askVault('GET', 'pki/issuer/default');
    const short = await served.askVault('GET', 'pki/issuer/default/crl');
    await served.askVault('POST', 'pki/config/crl', { expiry: '72h' });
    const bundlePem = composeGeneration({
      ...{ anchorsPem: [String(data.certificate)], crlsPem: [String(short.data.crl)], markerPem: null },
    }).content;
    for (const host of served.hosts) {
      host.writeFile(`.${host.managedPath}`, bundlePem);
      host.exec('nginx -s reload');
    }
    fleetId = await served.record({ revocation: 'crl', contractWhen: 'unused', bundlePem });
    const client = await newClient();
    await expect.poll(() => onAll(client), { timeout: 60_000, interval: 500 }).toEqual([400, 400]);
    const rotation = await run({ strategy: 'refresh', reason: 'Vault was away' });
    expect(rotation.status, rotation.explanation).toBe('succeeded');
    expect(await onAll(client)).toEqual([200, 200]);
  });

  it('names a server without ssl_crl, with the directive to write', async () => {
    const [host] = served.hosts;
    const site = 'etc/nginx/conf.d/site.conf';
    host?.writeFile(site, (host?.readFile(site) ?? '').replace(/ssl_crl .*;/, ''));
    host?.restartNginx();
    const rotation = await run({ strategy: 'rehearse' });
    expect(rotation.status).toBe('refused');
    expect(rotation.explanation).toMatch(
      /host-1: the server at \/etc\/nginx\/conf.d\/site.conf:1 has no ssl_crl.*Next: write ssl_crl \/etc\/nginx\/trust\/client-ca.pem;/,
    );
  });
});
