import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { FaultyFleet } from './faulty-fleet.js';

let fleet: FaultyFleet;

beforeAll(async () => {
  fleet = await FaultyFleet.open({ hosts: 3 });
});

afterEach(() => fleet.endWorkers());
afterAll(() => fleet?.stop());

/** One rotation in which worker after worker is killed at its moment, and the last one is left alone. */
async function rotateKilling(...moments: readonly string[]): Promise<string> {
  const id = await fleet.rotate();
  for (const moment of moments) await fleet.killedAt(moment);
  await fleet.worker();
  return id;
}

describe('a worker is killed, and the next one carries on to all-new', () => {
  it.each([
    ['F01: intent, before the first host', ['after effect.intended expand.1/host.stage/host-1']],
    ['F01: a vote that nobody wrote down', ['after stage host-2']],
    ['F43: every vote is in, go is not written', ['before decision.made go expand 0']],
    ['F43, F04: go is written and not sent', ['after decision.made go expand 0']],
    ['F01: GO is about to be sent, to the first host', ['before commit host-1']],
    ['F01: GO was carried out, its report is lost', ['after commit host-1']],
    ['F01: the report is written', ['after effect.succeeded expand.1/host.commit/host-1']],
    ['F01: between hosts of a wave', ['after commit host-2']],
    [
      'F01, F04: before and after keep',
      ['before decision.made keep expand', 'after decision.made keep expand'],
    ],
    ['F01, F38: CONFIRMs half delivered', ['before confirm host-1', 'after confirm host-2']],
    ['F04: activate is written', ['after decision.made activate']],
    [
      'F01, F04: while the old CA is dropped',
      ['after decision.made contract', 'after decision.made go contract 0', 'after commit host-1'],
    ],
    [
      'F01, F38: after the old CA is dropped',
      ['after decision.made keep contract', 'after confirm host-3', 'before rotation.ended'],
    ],
  ])('%s', async (_name, moments) => {
    const id = await rotateKilling(...moments);
    await fleet.expectAllNew(id);
  });
});

describe('a host fails, and the worker that puts the others back is killed', () => {
  it.each([
    ['F04, F05: revert is written', ['after decision.made revert expand']],
    ['F05: before and after the first host', ['before revert host-1', 'after revert host-1']],
    ['F05: the second host, then the last one', ['after revert host-2', 'after revert host-3']],
  ])('%s', async (_name, moments) => {
    const undo = await fleet.host(3).occupyPort();
    const id = await rotateKilling(...moments);
    const { ended } = await fleet.expectAllOld(id);
    expect(ended?.because).toContain('host-3');
    await undo();
  });
});
