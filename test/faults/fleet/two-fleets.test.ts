import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { explain } from '#rotation';
import { newHost, record, TestInstallation } from '../../fleet/installation.js';
import { decided, Moments } from './moments.js';
import { answersTo, clientFrom, liveDigests, servedBy, surveyOf } from './outside-view.js';

const moments = new Moments();
let windlass: TestInstallation;
/** A fleet of its own that trusts the same mount: the last of the hosts. */
let officeId: string;

beforeAll(async () => {
  windlass = await TestInstallation.open({ hosts: 3, alter: moments.watch });
  const { records, parts, fleetId, vault } = windlass;
  const { hosts: recorded, generation } = await parts.fleets.fleet(fleetId);
  const [, , last] = windlass.fleet.hosts;
  if (!last) throw new Error('no third host');
  const moved = recorded.find(({ name }) => name === last.name);
  await records.hosts.removeHost(fleetId, moved?.id ?? '');
  officeId = await record(windlass, vault, generation, 1, { name: 'office' });
  await records.hosts.addHosts(officeId, [newHost(last)]);
});

afterAll(() => windlass?.stop());
afterEach(() => moments.forget());

const hosts = () => windlass.fleet.hosts;

function rotate(...together: string[]): Promise<string> {
  const { fleetId } = windlass;
  return windlass.commands.start({ fleetId, together, requestedBy: 'test', reason: 'test' });
}

async function world() {
  const vault = await surveyOf(windlass.vault);
  return { digests: liveDigests(hosts()), served: await servedBy(hosts()), vault };
}

describe('two fleets trust one PKI mount', () => {
  it('F51: neither is rotated without the other one', async () => {
    const before = await world();
    await expect(rotate()).rejects.toMatchObject({
      problem: { code: 'ca.shared', nextStep: expect.stringContaining(officeId) },
    });
    expect(await world()).toEqual(before);
  });

  it('F51: one cannot be switched: both go back, and Vault keeps no trace', async () => {
    const before = await world();
    const undo = await hosts()[2]?.occupyPort();
    const state = await windlass.until(await rotate(officeId), 'reverted');
    await undo?.();
    expect(state.ended?.because).toContain('host-3');
    expect(await world()).toEqual(before);
  });

  it('F51: activation waits for the last host of both', async () => {
    const before = await world();
    const old = await clientFrom(windlass.vault);
    const gone = moments.once(decided('keep', 'expand'), () => hosts()[2]?.powerOff());
    const id = await rotate(officeId);
    const blocked = await windlass.until(id, 'blocked');
    await gone;
    expect(explain(blocked)).toContain('Blocked on office/host-3');
    expect(blocked.decisions.has('activate.1')).toBe(false);
    // Whoever asks for a certificate now gets one that every host of both fleets accepts.
    const { defaultIssuerId, issuers } = await surveyOf(windlass.vault);
    expect(defaultIssuerId).toBe(before.vault.defaultIssuerId);
    const mayIssue = issuers.filter(({ usage }) => usage.includes('issuing-certificates'));
    expect(mayIssue.map(({ id: issuer }) => issuer)).toEqual([defaultIssuerId]);
    await hosts()[2]?.powerOn();
    await windlass.until(id, 'succeeded');
    const renewed = await clientFrom(windlass.vault);
    expect(await answersTo(renewed, hosts())).toEqual(['200', '200', '200']);
    expect(await answersTo(old, hosts())).toEqual(['400', '400', '400']);
    expect((await surveyOf(windlass.vault)).defaultIssuerId).not.toBe(defaultIssuerId);
  });
});
