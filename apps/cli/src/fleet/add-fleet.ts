import type { components } from '#api-client';
import type { Call } from '../command-line/call.js';
import { secretIn, textIn } from '../server/read-file.js';
import { given } from '../server/server.js';
import { fleetBody } from './fleet-body.js';
import type { ADD_OPTIONS } from './options.js';
import { fleetCard } from './show-fleets.js';

type NewFleet = components['schemas']['NewFleet'];

/** Records a fleet. */
export async function addFleet(call: Call<typeof ADD_OPTIONS>): Promise<number> {
  const { client, values, operands, desk, show } = call;
  const base = values.file === undefined ? {} : await fieldsIn(values.file);
  const body = fleetBody(operands[0], values, base, { text: textIn, secret: secretIn });
  const { data } = await client.POST('/v1/fleets', {
    params: { header: { 'Idempotency-Key': crypto.randomUUID() } },
    // The API has the last word on what a file holds.
    body: body as NewFleet,
  });
  const fleet = given(data);
  for (const { message, nextStep } of fleet.warnings) desk.complain(`warning: ${message}. Next: ${nextStep}`);
  show(fleet, fleetCard);
  if (fleet.hostCount === 0)
    desk.complain(`Next: windlass host add ${fleet.name} ..., or windlass host import`);
  return 0;
}

async function fieldsIn(file: string): Promise<Readonly<Record<string, unknown>>> {
  const { parse } = await import('yaml');
  let value: unknown;
  try {
    value = parse(textIn(file, 'file'));
  } catch (error) {
    if (error instanceof RangeError) throw error;
    // What YAML says of an error quotes the line, which may hold a secret.
    const { linePos } = error as { linePos?: [{ line: number }] };
    throw new RangeError(`${file} is no YAML or JSON, in line ${linePos?.[0].line ?? '?'}`);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw new RangeError(`${file} must hold the fields of a fleet, such as name, bundlePem and issuingCa`);
}
