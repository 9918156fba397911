import type { components } from '#api-client';
import type { Call } from '../command-line/call.js';
import { fleetCalled } from '../server/fleets.js';
import { given } from '../server/server.js';
import type { ADD_OPTIONS } from './options.js';
import { webhookTable } from './webhooks.js';

type NewWebhook = components['schemas']['NewWebhook'];

const PREFIX = 'dev.windlass.';

/** The secret goes to standard output, and nothing else does. */
export async function addWebhook(call: Call<typeof ADD_OPTIONS>): Promise<number> {
  const { client, values, operands, desk, show } = call;
  const { event = [], fleet = [], description } = values;
  const fleets = await Promise.all(fleet.map((word) => fleetCalled(client, word)));
  const types = event.map((type) => (type.startsWith(PREFIX) ? type : `${PREFIX}${type}`));
  const { data } = await client.POST('/v1/webhooks', {
    body: {
      url: operands[0] ?? '',
      ...(description === undefined ? {} : { description }),
      // The API knows the types, and names the one that it does not know.
      ...(types.length === 0 ? {} : { eventTypes: types as NonNullable<NewWebhook['eventTypes']> }),
      ...(fleets.length === 0 ? {} : { fleetIds: fleets.map(({ id }) => id) }),
    },
  });
  const made = given(data);
  desk.complain(webhookTable([made]));
  show(made, ({ secret }) => secret);
  return 0;
}
