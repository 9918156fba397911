import { X509Certificate } from 'node:crypto';
import type { components } from '#api-client';
import type { Call } from '../command-line/call.js';
import type { YES } from '../command-line/option.js';
import { agrees } from '../command-line/person.js';
import { fleetCalled, oneCalled } from '../server/fleets.js';
import { allItems } from '../server/pages.js';
import { secretIn, textIn } from '../server/read-file.js';
import { given } from '../server/server.js';
import { columns } from '../server/show.js';
import { oneOf } from '../server/words-in.js';
import type { ADD_OPTIONS } from './options.js';

type Sample = components['schemas']['Sample'];

export async function listSamples(call: Call<Record<never, never>>): Promise<number> {
  const { id } = await fleetCalled(call.client, call.operands[0] ?? '');
  call.show(await samplesOf(call, id), sampleTable);
  return 0;
}

export async function addSample(call: Call<typeof ADD_OPTIONS>): Promise<number> {
  const { client, values, operands, show } = call;
  const [fleet = '', name = ''] = operands;
  const { certificate, chain } = values;
  const keyFile = values['key-file'];
  if (certificate === undefined)
    throw new RangeError('--certificate is missing: the client certificate, in PEM');
  const { id: fleetId } = await fleetCalled(client, fleet);
  const { data } = await client.POST('/v1/fleets/{fleetId}/samples', {
    params: { path: { fleetId }, header: { 'Idempotency-Key': crypto.randomUUID() } },
    body: {
      ...{ name, certificatePem: textIn(certificate, 'certificate') },
      expect: oneOf(values.expect, ['accepted', 'refused'], 'expect'),
      ...(chain === undefined ? {} : { chainPem: textIn(chain, 'chain') }),
      ...(keyFile === undefined ? {} : { privateKey: secretIn(keyFile, 'key-file') }),
    },
  });
  show(given(data), (sample) => sampleTable([sample]));
  return 0;
}

export async function removeSample(call: Call<typeof YES>): Promise<number> {
  const { client, values, operands, desk, show } = call;
  const fleet = await fleetCalled(client, operands[0] ?? '');
  const sample = oneCalled('sample', await samplesOf(call, fleet.id), operands[1] ?? '');
  const wish = { yes: values.yes === true, otherwise: 'give --yes' };
  if (!(await agrees(desk.person, `Take the sample ${sample.name} away from ${fleet.name}?`, wish))) return 1;
  await client.DELETE('/v1/fleets/{fleetId}/samples/{sampleId}', {
    params: { path: { fleetId: fleet.id, sampleId: sample.id } },
  });
  show(sample, () => `${sample.name} is no sample of ${fleet.name} any more`);
  return 0;
}

function samplesOf(
  { client }: Pick<Call<Record<never, never>>, 'client'>,
  fleetId: string,
): Promise<Sample[]> {
  return allItems(async (query) => {
    const { data } = await client.GET('/v1/fleets/{fleetId}/samples', {
      params: { path: { fleetId }, query },
    });
    return data;
  });
}

function sampleTable(samples: readonly Sample[]): string {
  return columns([
    ['NAME', 'SUBJECT', 'EXPECTED', 'PROBED', 'ID'],
    ...samples.map(({ name, certificatePem, expect, hasPrivateKey, id }) => [
      ...[name, subjectOf(certificatePem), expect, hasPrivateKey ? 'with its key' : 'no key', id],
    ]),
  ]);
}

function subjectOf(pem: string): string {
  return new X509Certificate(pem).subject.split('\n').join(', ');
}
