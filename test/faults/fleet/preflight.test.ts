import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Secret } from '#engine';
import { makeCa, type TestCa, type TestHost } from '#kit';
import { explain, type RotationState } from '#rotation';
import { TestInstallation } from '../../fleet/installation.js';
import { addToServer, editSite, HIDDEN_REFUSALS, reload } from './nginx-edit.js';
import { answersTo, clientFrom, servedBy, surveyOf, tracesOn } from './outside-view.js';
import { pretendClock } from './pretended-clock.js';

let windlass: TestInstallation;
let partner: TestCa;
let partnerIssuing: TestCa;
/** Its root is missing from the bundle. */
let rootless: TestCa;

beforeAll(async () => {
  partner = await makeCa({ commonName: 'Partner root' });
  partnerIssuing = await partner.issueIntermediate({ commonName: 'Partner issuing CA' });
  const unknownRoot = await makeCa({ commonName: 'A root that nobody has' });
  rootless = await unknownRoot.issueIntermediate({ commonName: 'Rootless CA' });
  const otherAnchorsPem = [partner.certificatePem, rootless.certificatePem];
  windlass = await TestInstallation.open({ hosts: 3, otherAnchorsPem });
});

afterAll(() => windlass?.stop());

const hosts = () => windlass.fleet.hosts;

function host(index: number) {
  const found = hosts()[index];
  if (!found) throw new Error(`no host ${index}`);
  return found;
}

async function sampleOf(name: string, ca: TestCa, chainPem: string) {
  const { certificatePem, privateKeyPem } = await ca.issueClient({ commonName: name });
  const identity = { certificatePem, chainPem, privateKey: new Secret(privateKeyPem) };
  const { id } = await windlass.records.samples.addSample(windlass.fleetId, {
    ...{ name, expect: 'accepted', ...identity },
  });
  return { identity, forget: () => windlass.records.samples.removeSample(windlass.fleetId, id) };
}

/** A public server of the same socket, which is the default one then. */
function inFront({ address, httpsPort }: TestHost, keeping: string): string {
  return `server {
  listen ${address}:${httpsPort} ssl; server_name front.test;
  ${keeping}
  ssl_certificate /etc/nginx/tls/server.pem; ssl_certificate_key /etc/nginx/tls/server.key;
  ssl_protocols TLSv1.2 TLSv1.3; return 200;
}
`;
}

/** What the contract was proven by, host by host. */
function provenOn({ effects, snapshot }: RotationState): string[][] {
  return Object.keys(snapshot.hostNames).map((id) => {
    const probes = effects.get(`contract.1/host.prove/${id}`)?.result.probes;
    return Array.isArray(probes) ? probes.map(String) : [];
  });
}

/** The rotation is refused, and neither a host that can be seen nor Vault shows a trace of it. Returns what it says. */
async function refused(seen = hosts()): Promise<string> {
  const before = { traces: tracesOn(seen), vault: await surveyOf(windlass.vault) };
  const state = await windlass.until(await windlass.rotate(), 'refused', 'blocked', 'paused');
  expect({ traces: tracesOn(seen), vault: await surveyOf(windlass.vault) }).toEqual(before);
  expect(state.ended?.status).toBe('refused');
  return explain(state);
}

describe('a fleet is refused before any host is touched', () => {
  it('F10: a host is off: it is named, and the others serve what they served', async () => {
    const [, dead] = hosts();
    const others = hosts().filter((one) => one !== dead);
    const served = await servedBy(others);
    await dead?.powerOff();
    const says = await refused(others);
    await dead?.powerOn();
    expect(says).toMatch(/host-2 \(.*\) cannot be reached/);
    expect(says).not.toMatch(/host-[13] \(.*\) cannot be reached/);
    expect(await servedBy(others)).toEqual(served);
  });

  it('F33: a listener answers 200 to everybody through error_page: nothing could be proven there', async () => {
    const takeBack = addToServer(host(2), HIDDEN_REFUSALS);
    reload(host(2));
    expect(await answersTo(null, hosts())).toEqual(['400', '400', '200']);
    const says = await refused();
    takeBack();
    reload(host(2));
    expect(says).toMatch(/host-3: .* does not refuse a client of an unknown CA/);
    expect(says).toContain('error_page');
  });

  it('F23: a host whose clock is behind the new CA: both clocks are named', async () => {
    const clock = pretendClock(host(1));
    clock.shift(-3600);
    const says = await refused();
    clock.restore();
    const [theirs, ours] = says.match(/\d{4}-\d\d-\d\dT[\d:.]+Z/g)?.slice(1) ?? [];
    expect(says).toContain('host-2: its clock says');
    const behind = Date.parse(ours ?? '') - Date.parse(theirs ?? '');
    expect(behind / 1000).toBeGreaterThan(3500);
  });

  it('F32: a chain that is too deep for one of the hosts', async () => {
    const takeBack = editSite(host(1), (site) => site.replace('ssl_verify_depth 2', 'ssl_verify_depth 0'));
    reload(host(1));
    const { identity, forget } = await sampleOf('deep', partnerIssuing, partnerIssuing.certificatePem);
    expect(await answersTo(identity, hosts())).toEqual(['200', '400', '200']);
    const says = await refused();
    takeBack();
    reload(host(1));
    await forget();
    expect(says).toMatch(/sample deep .*refuses it at host-2/);
  });

  it('F32: a CA whose root is missing: nginx -t passes, its clients are refused', async () => {
    const { identity, forget } = await sampleOf('rootless', rootless, '');
    host(0).exec('nginx -t');
    expect(await answersTo(identity, hosts())).toEqual(['400', '400', '400']);
    const says = await refused();
    await forget();
    expect(says).toMatch(/sample rootless must be accepted and the old generation refuses it/);
  });

  it('F16: another server takes up the sessions of a host, and no bundle ends them: the directive is named', async () => {
    const takeBack = editSite(
      host(1),
      (site) => inFront(host(1), 'ssl_session_cache shared:front:1m;') + site,
    );
    reload(host(1));
    const says = await refused();
    takeBack();
    reload(host(1));
    expect(says).toContain(
      'host-2: clients of a dropped CA would go on with the TLS sessions that they have',
    );
    expect(says).toMatch(/server edge\.test \(\S+site\.conf:\d+\)/);
    expect(says).toMatch(/server front\.test .* ssl_session_cache \(\S+site\.conf:3\)/);
    expect(says).toContain('ssl_session_tickets off');
  });

  it('is not refused once everything is as it was: what was refused was the fault', async () => {
    // The same server without what was refused: it stays, and is one way more that nobody may get in by.
    const nothingKept = 'ssl_session_cache none; ssl_session_tickets off;';
    editSite(host(1), (site) => inFront(host(1), nothingKept) + site);
    reload(host(1));
    const client = await clientFrom(windlass.vault);
    expect(await answersTo(client, hosts())).toEqual(['200', '200', '200']);
    const state = await windlass.until(await windlass.rotate(), 'succeeded');
    expect(await answersTo(client, hosts())).toEqual(['400', '400', '400']);
    const [canary = [], second = []] = provenOn(state);
    const ways = [
      'TLS 1.2 ticket of before the switch',
      'TLS 1.3 ticket of before the switch',
      'without SNI',
    ];
    for (const way of ways)
      expect(canary.join('\n')).toMatch(new RegExp(`a client of the old CA (with its )?${way} refused`));
    expect(canary.filter((line) => line.includes('a rogue CA that is called'))).toHaveLength(2);
    expect(second.join('\n')).toContain('no TLS 1.3 ticket (it is not taken up here) before the switch');
    expect(second.join('\n')).toContain('behind SNI front.test gets what a stranger gets, HTTP 421');
  });
});
