import { z } from 'zod';
import { readableCertificates } from '../http/certificates.js';
import { secretOf, storableText } from '../http/text.js';

const PATH_SYNTAX = /^(?!.*\.\.)[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)*$/;
const PATH_ERROR = 'must be a path such as "pki" or "team/pki", without slashes at the ends';

/** Base address of Vault. One CA must have one spelling, because its lock goes by it. */
const vaultAddress = z
  .url({ protocol: /^https?$/, error: 'must be an address such as https://vault.example:8200' })
  .max(2_000)
  .refine(isBare, 'must not hold credentials, a query or a fragment; the token has a field of its own')
  .transform((text) => new URL(text).href.replace(/\/+$/, ''))
  .meta({ examples: ['https://vault.example:8200'] });

export const NewIssuingCa = z
  .strictObject({
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
    token: secretOf(
      z
        .string()
        .min(1)
        .max(8_192)
        .regex(/^[\x21-\x7e]*$/, 'must be a token without spaces'),
    ),
    serverCaPem: storableText(1_000_000)
      .refine((pem) => readableCertificates(pem).length > 0, 'must hold readable PEM certificates only')
      .nullable()
      .default(null)
      .meta({ description: "PEM of the CA that signed Vault's server certificate; null for the system's." }),
  })
  .meta({
    id: 'NewIssuingCa',
    description: 'A PKI mount of one Vault: who issues the certificates of clients.',
  });

export const IssuingCa = z
  .object({
    id: z.uuid(),
    address: z.string(),
    namespace: z.string(),
    mount: z.string(),
    role: z.string(),
  })
  .meta({ id: 'IssuingCa' });

function isBare(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { username, password, search, hash } = new URL(text);
  return username === '' && password === '' && search === '' && hash === '';
}
