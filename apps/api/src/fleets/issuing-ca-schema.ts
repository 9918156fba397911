import { z } from 'zod';
import { readableCertificates } from '../http/certificates.js';
import { storableText } from '../http/text.js';
import { AwsIssuingCa, NewAwsIssuingCa } from './aws-issuing-ca-schema.js';
import { isBare } from './bare-address.js';
import { loginFields, oneLogin } from './ca-login-schema.js';
import { wayFields, waysShown } from './ca-ways-schema.js';
import { PATH_ERROR, PATH_SYNTAX } from './path-syntax.js';
import { NewUploadIssuingCa } from './uploaded-ca-schema.js';

/** Base address of Vault. One CA must have one spelling, because its lock goes by it. */
const vaultAddress = z
  .url({ protocol: /^https?$/, error: 'must be an address such as https://vault.example:8200' })
  .max(2_000)
  .refine(isBare, 'must not hold credentials, a query or a fragment; the token has a field of its own')
  .transform((text) => new URL(text).href.replace(/\/+$/, ''))
  .meta({ examples: ['https://vault.example:8200'] });

const NewVaultIssuingCa = z
  .strictObject({
    kind: z.literal('vault').optional().meta({ description: 'May be left out.' }),
    address: vaultAddress,
    namespace: z
      .union([z.literal(''), z.string().max(500).regex(PATH_SYNTAX, PATH_ERROR)])
      .default('')
      .meta({ description: 'Vault Enterprise namespace; empty for none.' }),
    mount: z
      .string()
      .max(500)
      .regex(PATH_SYNTAX, PATH_ERROR)
      .meta({ examples: ['pki'] }),
    role: z
      .string()
      .max(200)
      .regex(/^\w([\w.-]*\w)?$/, 'must be the name of a role')
      .meta({ description: 'Role through which probe leaves are issued.', examples: ['clients'] }),
    ...wayFields,
    ...loginFields,
    serverCaPem: storableText(1_000_000)
      .refine((pem) => readableCertificates(pem).length > 0, 'must hold readable PEM certificates only')
      .nullable()
      .default(null)
      .meta({ description: "PEM of the CA that signed Vault's server certificate; null for the system's." }),
  })
  .superRefine(oneLogin)
  .meta({
    id: 'NewVaultIssuingCa',
    description: 'A PKI mount of one Vault: who issues the certificates of clients.',
  });

export const NewIssuingCa = z
  .discriminatedUnion('kind', [NewVaultIssuingCa, NewUploadIssuingCa, NewAwsIssuingCa])
  .meta({ id: 'NewIssuingCa', description: 'Who issues the certificates of clients.' });

const VaultIssuingCa = z
  .object({
    kind: z.literal('vault'),
    id: z.uuid(),
    address: z.string(),
    namespace: z.string(),
    mount: z.string(),
    role: z.string(),
    login: z
      .enum(['token', 'appRole'])
      .meta({ description: 'How Windlass logs in; what with is never shown.' }),
    ...waysShown,
  })
  .meta({ id: 'VaultIssuingCa' });

export const IssuingCa = z
  .discriminatedUnion('kind', [
    VaultIssuingCa,
    z.object({ kind: z.literal('upload'), id: z.uuid(), name: z.string() }).meta({ id: 'UploadIssuingCa' }),
    AwsIssuingCa,
  ])
  .meta({ id: 'IssuingCa' });
