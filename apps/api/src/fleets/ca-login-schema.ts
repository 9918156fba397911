import { z } from 'zod';
import { secretOf } from '../http/text.js';
import { PATH_ERROR, PATH_SYNTAX } from './path-syntax.js';

const secretWord = z
  .string()
  .min(1)
  .max(8_192)
  .regex(/^[\x21-\x7e]*$/, 'must be a token without spaces');

const AppRole = z
  .strictObject({
    mount: z
      .string()
      .max(500)
      .regex(PATH_SYNTAX, PATH_ERROR)
      .default('approle')
      .meta({ description: 'Path of the auth method below auth/.' }),
    roleId: z
      .string()
      .min(1)
      .max(500)
      .regex(/^[\x21-\x7e]*$/, 'must be a role id without spaces'),
    secretId: secretOf(secretWord).optional(),
    wrappedSecretId: secretOf(secretWord).optional().meta({
      writeOnly: true,
      description:
        'A wrapping token (vault write -wrap-ttl=10m -f auth/approle/role/<role>/secret-id). It is opened once, at this request; one that was opened before is refused.',
    }),
  })
  .superRefine(({ secretId, wrappedSecretId }, context) => {
    if ((secretId === undefined) === (wrappedSecretId === undefined)) {
      const path = [secretId === undefined ? 'secretId' : 'wrappedSecretId'];
      context.addIssue({ code: 'custom', path, message: 'give one of secretId and wrappedSecretId' });
    }
  })
  .meta({ id: 'AppRole', description: 'A login of a machine to Vault.' });

/** An access key of an IAM user; {@link https://docs.aws.amazon.com/IAM/latest/APIReference/API_AccessKey.html}. */
export const AccessKey = z
  .strictObject({
    id: z
      .string()
      .regex(/^\w{16,128}$/, 'must be the id of an access key')
      .meta({ examples: ['AKIAIOSFODNN7EXAMPLE'] }),
    secret: secretOf(secretWord),
  })
  .nullable()
  .meta({
    id: 'AccessKey',
    description: 'An access key of AWS; null for the role of the machine that Windlass runs on.',
  });

/** Of a body that says how Windlass logs in to Vault: one of the two, which {@link oneLogin} checks. */
export const loginFields = {
  token: secretOf(secretWord).optional(),
  appRole: AppRole.optional(),
};

const everyLogin = { ...loginFields, accessKey: AccessKey.optional() };

export interface GivenLogin {
  readonly token?: z.output<typeof loginFields.token>;
  readonly appRole?: z.output<typeof loginFields.appRole>;
}

/** Names the field that is missing or one too many. */
export function oneLogin({ token, appRole }: GivenLogin, context: z.RefinementCtx): void {
  if ((token === undefined) !== (appRole === undefined)) return;
  const path = [token === undefined ? 'token' : 'appRole'];
  context.addIssue({ code: 'custom', path, message: 'give one of token and appRole' });
}

export const CaLogin = z
  .strictObject(everyLogin)
  .superRefine(({ accessKey, ...vault }, context) => {
    if (accessKey === undefined) return oneLogin(vault, context);
    if (vault.token === undefined && vault.appRole === undefined) return;
    const message = 'give one of token, appRole and accessKey';
    context.addIssue({ code: 'custom', path: ['accessKey'], message });
  })
  .meta({
    id: 'CaLogin',
    description:
      'How Windlass logs in to the CA from now on: to Vault by token or appRole, to AWS by accessKey.',
  });
