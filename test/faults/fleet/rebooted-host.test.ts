import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { TestHost } from '#kit';
import { type RotationState, statusOf } from '#rotation';
import { TestInstallation } from '../../fleet/installation.js';
import { Moments, succeeded } from './moments.js';
import { answersTo, clientFrom, liveDigests, servedBy, surveyOf } from './outside-view.js';

const moments = new Moments();
let windlass: TestInstallation;

beforeAll(async () => {
  windlass = await TestInstallation.open({ hosts: 2, alter: moments.watch });
});

afterAll(() => windlass?.stop());
afterEach(() => moments.forget());

const hosts = () => windlass.fleet.hosts;
const [canary, other] = [0, 1].map((index) => () => hosts()[index] as TestHost) as [
  () => TestHost,
  () => TestHost,
];

/** Power off and on when the canary is switched and waits for the decision; what it serves then, and who gets in. */
function rebootArmed(client: Awaited<ReturnType<typeof clientFrom>>) {
  const seen = { before: [''], after: [''], answers: [''] };
  const done = moments.once(succeeded(/^expand\.1\/host\.commit\//), async () => {
    seen.before = [...liveDigests([canary()]), ...(await servedBy([canary()]))];
    await canary().reboot();
    seen.after = [...liveDigests([canary()]), ...(await servedBy([canary()]))];
    seen.answers = await answersTo(client, hosts());
  });
  return { seen, done };
}

/** The whole new file lies there and is served: nothing goes back by itself on a host that was rebooted. */
function expectWhole(
  { before, after, answers }: ReturnType<typeof rebootArmed>['seen'],
  state: RotationState,
) {
  const overlap = state.effects.get('generations.build')?.result.overlap;
  expect(before[0]).toBe((overlap as { digest: string }).digest);
  expect(after).toEqual(before);
  expect(answers).toEqual(['200', '200']);
}

describe('F40: a host is rebooted while it is armed', () => {
  it('F40: its file is whole, it is reconciled, and the rotation goes on to its end', async () => {
    const client = await clientFrom(windlass.vault);
    const { seen, done } = rebootArmed(client);
    const state = await windlass.until(await windlass.rotate(), 'succeeded', 'reverted');
    await done;
    expectWhole(seen, state);
    expect(new Set(liveDigests(hosts())).size).toBe(1);
    expect(new Set(await servedBy(hosts())).size).toBe(1);
    expect(statusOf(state)).toBe('succeeded');
    expect(await answersTo(client, hosts())).toEqual(['400', '400']);
  });

  it('F40: and the fleet goes back: so does it, byte for byte', async () => {
    const before = [liveDigests(hosts()), await servedBy(hosts()), await surveyOf(windlass.vault)];
    const undo = await other().occupyPort();
    const { seen, done } = rebootArmed(await clientFrom(windlass.vault));
    const state = await windlass.until(await windlass.rotate(), 'reverted');
    await Promise.all([done, undo()]);
    expectWhole(seen, state);
    expect([liveDigests(hosts()), await servedBy(hosts()), await surveyOf(windlass.vault)]).toEqual(before);
  });
});
