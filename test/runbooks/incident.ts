import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostKeyFingerprint } from '#host';
import type { Reply } from '../e2e/running-api.js';
import { commandsFor, commandsOf, Operator, type OperatorOptions } from './operator.js';
import { RunbookFleet, type RunbookFleetOptions } from './runbook-fleet.js';

/** What is known of an incident while it goes on. */
export interface Scene {
  readonly on: RunbookFleet;
  /** Of the rotation. */
  readonly id: string;
  /** The rotation as it was when it was blocked, or paused. */
  readonly blocked: Reply['body'];
}

/**
 * When it strikes. `confirm`, in an overlap whose hosts are all switched; `revert`, while they go back; `discard`, while
 * they drop what was staged; `distrust`, before a distrust is asked for. At the CA: `withdraw`, when the new issuer is
 * there and the rotation is aborted; `activate`, before the new issuer may issue; `switched`, when it is the default;
 * `judge`, when it is asked who needs the old one. `vote` and `contract`: before a host votes, and is switched, for
 * dropping the old CA.
 */
type Moment =
  | ('confirm' | 'revert' | 'discard' | 'distrust')
  | ('withdraw' | 'activate' | 'switched' | 'judge')
  | ('vote' | 'contract');

/** One way for a rotation to be blocked, and what somebody with the page makes of it. */
export interface Incident {
  /** By which it is blocked, and whose section the commands stand in. */
  readonly code: string;
  /** What happens, in a few words. */
  readonly when: string;
  readonly moment: Moment;
  /** Whether the rotation waits for a person; it is blocked when left out. */
  readonly pauses?: boolean;
  /** Makes it happen to the last host of the fleet, or to the CA. */
  readonly strike: (on: RunbookFleet, rotationId: string) => unknown;
  /** What the page says in words, before its commands. */
  readonly mend?: (scene: Scene) => unknown;
  /** What the words in capitals stand for, beside those of the rotation. */
  readonly words?: (scene: Scene) => Readonly<Record<string, string>>;
  readonly instead?: (scene: Scene) => OperatorOptions['instead'];
  /** Of whoever types, beside what the programs need. */
  readonly env?: (scene: Scene) => Readonly<Record<string, string>>;
  /** What is typed of the blocks of commands, where it is not all of them, one behind the other. */
  readonly follow?: (
    operator: Operator,
    blocks: readonly (readonly string[])[],
    scene: Scene,
  ) => Promise<void>;
  readonly ends?: 'succeeded' | 'reverted' | 'refused' | 'cancelled';
  /** What has to be true once it has ended. */
  readonly after?: (scene: Scene, ended: Reply['body']) => unknown;
}

const ENDS = {
  confirm: 'succeeded',
  revert: 'reverted',
  discard: 'cancelled',
  distrust: 'succeeded',
  withdraw: 'cancelled',
  activate: 'succeeded',
  switched: 'succeeded',
  judge: 'succeeded',
  vote: 'succeeded',
  contract: 'succeeded',
} as const;

/** For a host that is given up in the rotation: when that has ended, it comes back as the page says. */
export const GIVEN_UP_AND_BACK = {
  follow: async (operator, blocks, { on, id }) => {
    await operator.follow(blocks.flat());
    await on.served.ended(id);
    await operator.follow(commandsOf('A host that was given up comes back').flat());
  },
  words: ({ on: { host } }) => ({
    ...{ ADDRESS: host.address, PORT: String(host.sshPort), FINGERPRINT: hostKeyFingerprint(host.hostKey) },
    LISTENER: `${host.address}:${host.httpsPort}/edge.test`,
  }),
  after: ({ on }, ended) => {
    expect(ended).toMatchObject({ decommissioned: [{ host: on.host.name }] });
    expect(new Set(on.served.bundles()).size).toBe(1);
  },
} as const satisfies Partial<Incident>;

/** A file of tests: one fleet, to which all of it happens, one rotation each. */
export function actOutAll(theme: string, options: RunbookFleetOptions, incidents: readonly Incident[]): void {
  describe(`the runbook for ${theme}`, () => {
    let on: RunbookFleet;

    beforeAll(async () => {
      on = await RunbookFleet.open(options);
    });

    afterAll(() => on?.stop());

    it.each(incidents.map((one) => [one.code, one.when, one] as const))('mends %s: %s', (_code, _when, one) =>
      actOut(on, one),
    );
  });
}

/** Has it happen, sees the rotation blocked by it, does what the page says, and sees the rotation end. */
async function actOut(on: RunbookFleet, incident: Incident): Promise<void> {
  const id = await begin(on, incident);
  const blocked = await on.stands(id, incident.code, incident.pauses ? 'paused' : 'blocked');
  const scene = { on, id, blocked };
  await incident.mend?.(scene);
  const typing = { instead: incident.instead?.(scene) ?? {}, env: incident.env?.(scene) ?? {} };
  const operator = operatorOf(scene, incident.words?.(scene), typing);
  const blocks = commandsFor(incident.code);
  if (incident.follow) await incident.follow(operator, blocks, scene);
  else await operator.follow(blocks.flat());
  const ended = await on.served.ended(id);
  expect(ended.status, ended.explanation).toBe(incident.ends ?? ENDS[incident.moment]);
  await incident.after?.(scene, ended);
  on.strikes.forget();
  on.caStrikes.forget();
}

/** `over` is what else the words in capitals stand for. */
export function operatorOf(
  scene: Scene,
  over: Readonly<Record<string, string>> = {},
  typing: Pick<OperatorOptions, 'instead' | 'env'> = {},
): Operator {
  const { on, id } = scene;
  const words = {
    ...{ ROTATION: id, FLEET: on.fleetName, FLEET_ID: on.fleetId, HOST: on.host.name },
    ...{ USER: on.host.user, MANAGED_PATH: on.host.managedPath, MOUNT: 'pki', ROLE: 'clients' },
    ...over,
  };
  return new Operator(on.served, { words, host: on.host, ...typing });
}

async function begin(on: RunbookFleet, incident: Incident): Promise<string> {
  if (incident.moment === 'distrust') {
    await incident.strike(on, '');
    return on.distrust();
  }
  let told: (id: string) => void = () => undefined;
  const started = new Promise<string>((resolve) => {
    told = resolve;
  });
  arm(on, incident, started);
  const id = await on.rotate();
  told(id);
  return id;
}

/** Has it fall when its moment comes. */
function arm(on: RunbookFleet, { moment, strike }: Incident, started: Promise<string>): void {
  const { strikes, caStrikes } = on;
  const { name } = on.host;
  const act = async () => strike(on, await started);
  const abort = async () => on.abort(await started);
  switch (moment) {
    case 'revert':
      strikes.before('commit', name, abort);
      strikes.before('revert', name, act);
      break;
    case 'discard':
      strikes.before('stage', name, abort);
      strikes.before('discard', name, act);
      break;
    case 'withdraw':
      caStrikes.before('issueLeaf', async () => {
        await abort();
        await act();
      });
      break;
    case 'activate':
      caStrikes.before('setIssuing', act);
      break;
    case 'switched':
      caStrikes.after('switchDefault', act);
      break;
    case 'judge':
      caStrikes.before('outstanding', act);
      break;
    case 'vote':
      strikes.beforeNext(2, 'stage', name, act);
      break;
    case 'contract':
      strikes.beforeNext(2, 'commit', name, act);
      break;
    default:
      strikes.before('confirm', name, act);
  }
}
