import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { explain, type RotationState } from '#rotation';
import { newHost, TestInstallation } from '../../fleet/installation.js';
import { decided, failed, Moments, succeeded } from './moments.js';
import { answersTo, clientFrom, liveDigests, servedBy, surveyOf, workersOf } from './outside-view.js';
import { ProbeWay } from './probe-way.js';

const moments = new Moments();
let windlass: TestInstallation;
let way: ProbeWay;

beforeAll(async () => {
  way = await ProbeWay.open(() => {
    const { address = '', httpsPort: port = 0 } = windlass.fleet.hosts[1] ?? {};
    return { address, port };
  });
  windlass = await TestInstallation.open({
    hosts: 2,
    alter: moments.watch,
    enrol: (host) =>
      host.name === 'host-2' ? { ...newHost(host), probeTargets: [way.target] } : newHost(host),
  });
});

afterAll(async () => {
  await windlass?.stop();
  await way?.stop();
});

afterEach(() => {
  moments.forget();
  way.mend();
});

const hosts = () => windlass.fleet.hosts;
const attempts = (state: RotationState, kind: string) =>
  [...state.effects.values()]
    .filter(({ effect }) => effect.id.includes(`/${kind}/`))
    .map((one) => one.attempts);

describe('the way of the probes to a host that is fine', () => {
  it('F29: is cut when it is switched: no success, one revert, blocked until it is seen, no flapping', async () => {
    const before = [liveDigests(hosts()), await servedBy(hosts())];
    const client = await clientFrom(windlass.vault);
    const cut = moments.once(succeeded(/^expand\.1\/host\.prove\//), () => way.cut());
    const id = await windlass.rotate();
    const blocked = await windlass.until(id, 'blocked');
    await cut;
    // Everybody but the probes gets there, and gets in.
    expect(await answersTo(client, hosts())).toEqual(['200', '200']);
    expect([liveDigests(hosts()), await servedBy(hosts())]).toEqual(before);
    expect(explain(blocked)).toMatch(/Blocked on host-2 since/);
    expect(blocked.decisions.get('outcome/expand.1')?.decision.kind).toBe('revert');
    // It asks again and again, and touches nobody meanwhile.
    const workers = workersOf(hosts());
    const lost = way.lost;
    await expect.poll(() => way.lost, { timeout: 60_000 }).toBeGreaterThan(lost + 1);
    expect(workersOf(hosts())).toEqual(workers);
    expect((await windlass.commands.read(id)).ended).toBeNull();
    way.mend();
    const state = await windlass.until(id, 'reverted');
    expect(attempts(state, 'host.commit')).toEqual([1, 1]);
    expect(attempts(state, 'host.revert')).toEqual([1, 1]);
    expect(attempts(state, 'host.prove').at(-1)).toBe(3);
    expect(workersOf(hosts())).toEqual(workers);
  });

  it('F29: is cut behind `keep`: blocked, and Vault stays with the old CA until the host is seen', async () => {
    const vault = await surveyOf(windlass.vault);
    const cut = moments.once(decided('keep', 'expand'), () => way.cut());
    const id = await windlass.rotate();
    const blocked = await windlass.until(id, 'blocked');
    await cut;
    expect(explain(blocked)).toMatch(/Blocked on host-2 since/);
    expect((await surveyOf(windlass.vault)).defaultIssuerId).toBe(vault.defaultIssuerId);
    const digests = liveDigests(hosts());
    way.mend();
    const resumed = moments.once(decided('activate'), async () => {
      expect(liveDigests(hosts())).toEqual(digests);
    });
    await windlass.until(id, 'succeeded');
    await resumed;
    expect((await surveyOf(windlass.vault)).defaultIssuerId).not.toBe(vault.defaultIssuerId);
  });

  it('F29: loses a few probes: they are sent again, and nobody is put back', async () => {
    const lossy = moments.once(decided('go', 'expand'), () => way.loseNext(2));
    const again = moments.once(failed(/^expand\.1\/host\.prove\//), () => undefined);
    const id = await windlass.rotate();
    await Promise.all([lossy, again]);
    const state = await windlass.until(id, 'succeeded');
    expect(state.decisions.get('outcome/expand.1')?.decision.kind).toBe('keep');
    expect(attempts(state, 'host.commit')).toEqual([1, 1, 1, 1]);
    expect(new Set(liveDigests(hosts())).size).toBe(1);
  });
});
