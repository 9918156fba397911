import { z } from 'zod';
import { isBare } from './bare-address.js';
import { AccessKey } from './ca-login-schema.js';

const region = z
  .string()
  .max(40)
  .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'must be a region such as eu-central-1')
  .meta({ examples: ['eu-central-1'] });

const account = z
  .string()
  .regex(/^\d{12}$/, 'must be the number of an account, twelve digits')
  .meta({ description: 'Account that owns the CAs.', examples: ['123456789012'] });

/** Of what AWS takes as the value of a tag, without the spaces that nobody sees. */
const group = z
  .string()
  .regex(/^[\w.:/=+@-]{1,128}$/, 'must be the value of a tag: letters, digits and . : / = + @ - _')
  .meta({
    description: 'The CAs with the tag windlass-group of this value take turns.',
    examples: ['clients'],
  });

const endpoint = z
  .url({
    protocol: /^https?$/,
    abort: true,
    error: 'must be an address such as https://vpce-1.acm-pca.eu-central-1.vpce.amazonaws.com',
  })
  .max(2_000)
  .refine(isBare, 'must not hold credentials, a query or a fragment')
  .nullable();

export const NewAwsIssuingCa = z
  .strictObject({
    kind: z.literal('aws-pca'),
    region,
    account,
    group,
    endpoint: endpoint.default(null).meta({
      description: "Base address in the place of the region's own, such as that of a VPC endpoint.",
    }),
    accessKey: AccessKey.default(null),
  })
  .meta({ id: 'NewAwsIssuingCa', description: 'A group of CAs in AWS Private CA.' });

export const AwsIssuingCa = z
  .object({
    ...{ kind: z.literal('aws-pca'), id: z.uuid(), region, account, group, endpoint },
    accessKeyId: z.string().nullable().meta({
      description: 'Id of the access key; null where Windlass uses the role of its machine.',
    }),
  })
  .meta({ id: 'AwsIssuingCa' });
