import type { ApiClient, components } from '#api-client';
import type { Call } from '../command-line/call.js';
import { agrees } from '../command-line/person.js';
import { fleetCalled } from '../server/fleets.js';
import { textIn } from '../server/read-file.js';
import { given } from '../server/server.js';
import { oneOf } from '../server/words-in.js';
import { type REPLACE_OPTIONS, ROTATE_OPTIONS } from './options.js';
import { planText, type RotationPlan } from './plan.js';
import type { Rotation } from './rotation-tree.js';
import { shown } from './show-rotation.js';
import { watch } from './watch.js';

type NewRotation = components['schemas']['NewRotation'];
type StartCall = Pick<Call<typeof REPLACE_OPTIONS>, 'client' | 'desk' | 'show'> & {
  readonly values: Pick<Call<typeof REPLACE_OPTIONS>['values'], 'plan' | 'yes' | 'watch' | 'output'>;
};

/** Who was asked and said no. */
const NOT_STARTED = 1;

export async function rotate(call: Call<typeof ROTATE_OPTIONS>): Promise<number> {
  const { client, values, operands } = call;
  const fleet = await fleetCalled(client, operands[0] ?? '');
  const together = await Promise.all((values.with ?? []).map((word) => fleetCalled(client, word)));
  return start(call, fleet.name, {
    fleetId: fleet.id,
    strategy: oneOf(values.strategy, ROTATE_OPTIONS.strategy.oneOf, 'strategy'),
    ...(together.length === 0 ? {} : { together: together.map(({ id }) => id) }),
    ...reasonOf(values),
  });
}

export async function replace(call: Call<typeof REPLACE_OPTIONS>): Promise<number> {
  const { client, values, operands } = call;
  const { bundle, retrust } = values;
  if (bundle === undefined)
    throw new RangeError('--bundle is missing: what the fleet shall trust from then on');
  const bundlePem = textIn(bundle, 'bundle');
  const fleet = await fleetCalled(client, operands[0] ?? '');
  return start(call, fleet.name, {
    ...{ fleetId: fleet.id, strategy: 'replace', bundlePem },
    ...(retrust === undefined ? {} : { retrust: [...retrust] }),
    ...reasonOf(values),
  });
}

export function reasonOf({ reason }: { readonly reason?: string | undefined }) {
  return reason ? { reason } : {};
}

/** In a terminal the plan is shown first, and `confirm` asks; a pipe is not asked. */
export async function start(
  call: StartCall,
  name: string,
  body: NewRotation,
  confirm: () => Promise<boolean> = () => asked(call, name),
): Promise<number> {
  const { client, values, desk, show } = call;
  if (values.plan) {
    const plan = await planOf(client, body);
    show(plan, planText);
    return plan.blocks.length === 0 ? 0 : NOT_STARTED;
  }
  if (desk.person.present && !values.yes) desk.complain(`${planText(await planOf(client, body))}\n`);
  if (!(await confirm())) return NOT_STARTED;
  const rotation = await started(client, body);
  return values.watch ? watch(client, rotation.id, desk.screen) : shown(call, rotation);
}

async function asked({ values, desk: { person } }: StartCall, name: string): Promise<boolean> {
  const wish = { yes: values.yes === true || !person.present, otherwise: '' };
  return agrees(person, `Start it for ${name}?`, wish);
}

async function started(client: ApiClient, body: NewRotation): Promise<Rotation> {
  const { data } = await client.POST('/v1/rotations', {
    params: { header: { 'Idempotency-Key': crypto.randomUUID() } },
    body,
  });
  const rotation = given(data);
  if (!('id' in rotation)) throw new Error('the API gave a plan in place of a rotation');
  return rotation;
}

/** What it would do; nothing is started. Throws where the reply is no plan, so that nothing else is taken for one. */
async function planOf(client: ApiClient, body: NewRotation): Promise<RotationPlan> {
  const { data } = await client.POST('/v1/rotations', { params: { query: { dryRun: 'true' } }, body });
  const plan = given(data);
  if (!('waves' in plan)) throw new Error('the API gave a reply that is no plan');
  return plan;
}
