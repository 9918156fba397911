import { z } from 'zod';
import { clientFields, clientKey, keyOfCertificate } from '../http/client-identity.js';
import { pageOf } from '../http/page.js';
import { id, line, timestamp } from '../http/text.js';

/** A client certificate and the verdict that it must get. */
export const NewSample = z
  .strictObject({
    name: line(200).meta({ examples: ['billing batch job'] }),
    ...clientFields,
    privateKey: clientKey
      .nullable()
      .default(null)
      .meta({ writeOnly: true, description: 'Given, the sample is used in probes of the listeners too.' }),
    expect: z
      .enum(['accepted', 'refused'])
      .meta({ description: 'The verdict that it must get from the fleet as it is trusted today.' }),
  })
  .superRefine(keyOfCertificate)
  .meta({ id: 'NewSample' });

export const Sample = z
  .object({
    id,
    fleetId: id,
    name: z.string(),
    certificatePem: z.string(),
    chainPem: z.string(),
    expect: z.enum(['accepted', 'refused']),
    hasPrivateKey: z.boolean().meta({ description: 'True when a key was given, for probes.' }),
    createdAt: timestamp,
  })
  .meta({ id: 'Sample', description: 'A client certificate, and the verdict that it must get.' });

export const SamplePage = pageOf(Sample);
