import type { Call } from '../command-line/call.js';
import { types } from '../command-line/person.js';
import { type Fleet, fleetCalled } from '../server/fleets.js';
import type { DISTRUST_OPTIONS } from './options.js';
import { anchorLines } from './plan.js';
import { start } from './start-rotation.js';

/** Takes anchors out of the trust of a fleet; whoever sits there types its name first. */
export async function distrust(call: Call<typeof DISTRUST_OPTIONS>): Promise<number> {
  const { client, values, operands, desk } = call;
  const fleet = await fleetCalled(client, operands[0] ?? '');
  const anchors = (values.anchors ?? []).flatMap((text) => text.split(',')).filter((one) => one !== '');
  if (anchors.length === 0) throw new RangeError(anchorsMissing(fleet));
  const { reason } = values;
  if (!reason?.trim()) throw new RangeError('distrust needs --reason: it is on record');
  const together = await Promise.all((values.with ?? []).map((word) => fleetCalled(client, word)));
  const question = `Clients of ${anchors.length === 1 ? 'this CA' : 'these CAs'} are refused at once, and nothing brings it back by itself.`;
  return start(
    call,
    fleet.name,
    {
      ...{ fleetId: fleet.id, strategy: 'distrust', anchors, reason },
      ...(together.length === 0 ? {} : { together: together.map(({ id }) => id) }),
    },
    () =>
      types(desk.person, question, {
        ...{ word: fleet.name, yes: values.yes === true, otherwise: 'give --yes if you are sure' },
      }),
  );
}

/** With those that there are. */
export function anchorsMissing({ name, anchors }: Pick<Fleet, 'name' | 'anchors'>): string {
  const trusted = anchors.length === 0 ? '' : `. ${name} trusts:\n  ${anchorLines(anchors).join('\n  ')}`;
  return `--anchors is missing: subject key identifiers of the CAs that go, in hex${trusted}`;
}
