import { setTimeout as sleep } from 'node:timers/promises';
import { describeStartFailure } from '#platform';
import { countLine, type Rotation, Screen } from './screen.js';
import { type Stage, setStage } from './stage.js';

const LONGEST_ROTATION_MS = 180_000;
const SABOTAGED_HOST = 3;

/** The last line of `npm run demo -- --once`. */
interface Outcome {
  readonly hosts: number;
  readonly rotation: string;
  readonly rollback: string;
  /** Every bundle after the rollback is what it was before the sabotaged rotation. */
  readonly hostsByteIdentical: boolean;
  readonly requestsRefused: number;
  readonly requestsTotal: number;
  readonly vault: string;
  readonly seconds: number;
}

const once = process.argv.includes('--once');
const screen = new Screen(process.stdout);
const started = Date.now();
const interrupted = new Promise<'interrupted'>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => resolve('interrupted'));
});
process.exit(await main());

async function main(): Promise<number> {
  screen.say(
    screen.style('bold', 'Windlass rotates the client CA of five nginx hosts, then rolls a rotation back.'),
  );
  screen.say();
  let stage: Stage;
  try {
    stage = await setStage(screen);
  } catch (error) {
    process.stderr.write(`\n${describeStartFailure(error)}`);
    return 1;
  }
  try {
    const playing = play(stage);
    // After Ctrl-C nobody waits for it any more, and what it runs against goes away under it.
    playing.catch(() => undefined);
    const outcome = await Promise.race([playing, interrupted]);
    if (outcome === 'interrupted') return 130;
    summarise(stage, outcome);
    if (!once) await leaveUp(stage);
    await stage.stop();
    if (once) console.log(JSON.stringify(outcome));
    return isGood(outcome) ? 0 : 1;
  } catch (error) {
    screen.done();
    process.stderr.write(`\n${describeStartFailure(error)}`);
    return 1;
  } finally {
    await stage.stop();
  }
}

async function play(stage: Stage): Promise<Outcome> {
  const { fleet, load, ca } = stage;
  screen.heading('1. A rotation under load: new CA in Vault, every host, every client.');
  const rotation = await rotate(stage, 'the demo rotates');
  screen.heading(
    `2. The same again, with host-${SABOTAGED_HOST} sabotaged: nginx -t passes, reload returns 0, the old configuration stays.`,
  );
  const before = bundles(stage);
  const undo = await fleet.hosts[SABOTAGED_HOST - 1]?.occupyPort();
  const rollback = await rotate(stage, 'the demo sabotages a host');
  const after = bundles(stage);
  await undo?.();
  return {
    hosts: fleet.hosts.length,
    rotation: rotation.status,
    rollback: rollback.status,
    hostsByteIdentical: before.every((bundle, index) => bundle === after[index]),
    requestsRefused: load.count.refused,
    requestsTotal: load.count.total,
    vault: ca.product,
    seconds: Math.round((Date.now() - started) / 100) / 10,
  };
}

async function rotate({ service: { api }, fleetId, load }: Stage, reason: string): Promise<Rotation> {
  const requested = await api.POST('/v1/rotations', { body: { fleetId, reason } });
  if (!requested.data || !('id' in requested.data)) throw new Error('the API began no rotation');
  const path = { rotationId: requested.data.id };
  const deadline = Date.now() + LONGEST_ROTATION_MS;
  for (;;) {
    const { data: rotation } = await api.GET('/v1/rotations/{rotationId}', { params: { path } });
    if (rotation === undefined) throw new Error(`the API has no rotation ${path.rotationId}`);
    screen.show(rotation, load.count);
    if (rotation.phase === 'done' || Date.now() > deadline) {
      screen.done();
      screen.say(`  ${rotation.explanation}`);
      return rotation;
    }
    await sleep(100);
  }
}

function bundles({ fleet }: Stage): string[] {
  return fleet.hosts.map((host) => host.readFile(`.${host.managedPath}`));
}

function isGood(outcome: Outcome): boolean {
  const { rotation, rollback, hostsByteIdentical, requestsRefused, requestsTotal } = outcome;
  const ended = rotation === 'succeeded' && rollback === 'reverted';
  return ended && hostsByteIdentical && requestsRefused === 0 && requestsTotal > 0;
}

function summarise({ load }: Stage, outcome: Outcome): void {
  const identical = outcome.hostsByteIdentical ? 'byte for byte as before' : 'NOT as before';
  screen.heading('Summary');
  screen.say(`  rotation under load   ${outcome.rotation}: ${outcome.hosts} of ${outcome.hosts} hosts`);
  screen.say(`  sabotaged rotation    ${outcome.rollback}: bundles of all hosts ${identical}`);
  screen.say(`  clients               ${countLine(load.count)}`);
  if (load.count.firstRefusal) screen.say(`  first refusal         ${load.count.firstRefusal}`);
  screen.say(`  CA                    ${outcome.vault}`);
  screen.say(`  took                  ${outcome.seconds} s`);
}

async function leaveUp({ service, load }: Stage): Promise<void> {
  await load.stop();
  const { url } = service;
  screen.heading('API, console and docs stay up until Ctrl-C');
  screen.say(`  console    ${url}/console/, key ${service.adminKey}`);
  screen.say(`  docs       ${url}/docs`);
  screen.say(`  rotations  curl -H "Authorization: Bearer ${service.adminKey}" ${url}/v1/rotations`);
  screen.say(`  logs       ${service.folder}/api.log, ${service.folder}/worker.log`);
  await interrupted;
  screen.say();
  screen.say('stopping ...');
}
