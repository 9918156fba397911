import { describe, expect, it } from 'vitest';
import { digestOf } from '#trust';
import { Random } from '../random.js';
import { pemOf } from '../sim-ca.js';
import { SimMachine } from '../sim-machine.js';
import { VirtualTime } from '../virtual-time.js';

const OLD = pemOf(0);
const FAR = `${pemOf(0)}${pemOf(1)}`;
const BUNDLE = { content: FAR, digest: digestOf(FAR) };
const EDITED = `# edited\n${OLD}`;
const DEADLINE_MS = 1_000;
const token = (serial: number) => ({ installation: 'i', rotation: 'r', epoch: 1, term: 1, serial });

type Script = (machine: SimMachine, serial: number) => Promise<unknown>;
const stage: Script = ({ scripts }, serial) => scripts.stage(token(serial), digestOf(OLD), BUNDLE, 60_000);
const commit: Script = ({ scripts }, serial) =>
  scripts.commit(token(serial), digestOf(OLD), BUNDLE.digest, DEADLINE_MS);
const confirm: Script = ({ scripts }, serial) => scripts.confirm(token(serial), BUNDLE.digest);
const revert: Script = ({ scripts }, serial) => scripts.revert(token(serial), digestOf(OLD), BUNDLE.digest);

/** A host on which some scripts have run, whose bundle somebody edited then. */
async function edited(...scripts: readonly Script[]) {
  const time = new VirtualTime(0);
  const machine = new SimMachine('host', OLD, time, new Random(7), 1, () => undefined);
  const run = (ms: number) => time.run(() => false, time.now() + ms, 10_000);
  for (const [index, script] of scripts.entries()) {
    void script(machine, index + 1);
    await run(400);
  }
  machine.file = EDITED;
  const codeOf = async (script: Script) => {
    const code = script(machine, scripts.length + 1).then(
      () => 'ok',
      (error: { problem: { code: string } }) => error.problem.code,
    );
    await run(400);
    return code;
  };
  return { machine, run, codeOf };
}

describe('F24: somebody edits the bundle of a host', () => {
  it.each([
    ['before the stage', [], stage],
    ['between the vote and GO', [stage], commit],
    ['between GO and CONFIRM', [stage, commit], confirm],
    ['between GO and the revert', [stage, commit], revert],
  ] as const)('F24: %s: it is refused as drift, and the edit stays', async (_, before, script) => {
    const { machine, codeOf } = await edited(...before);
    expect(await codeOf(script)).toBe('host.drift');
    expect(machine.file).toBe(EDITED);
  });

  it('F24: before the deadline: the dead-man leaves the edit alone', async () => {
    const { machine, run } = await edited(stage, commit);
    await run(10 * DEADLINE_MS);
    expect(machine.file).toBe(EDITED);
  });
});
