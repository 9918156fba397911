import { z } from 'zod';
import { privateKeyFault } from '#host';
import { secretOf, storableText } from '../http/text.js';

const privateKey = secretOf(
  storableText(32_768).superRefine((text, context) => {
    const fault = privateKeyFault(text);
    if (fault !== null) context.addIssue({ code: 'custom', message: fault });
  }),
);

export const login = z.enum(['key', 'agent']);

/** Who logs in to a server, and how; {@link fittingLogin} checks that they fit. */
export const loginFields = {
  user: z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9_.@-]{0,63}$/, 'must be the name of a user'),
  login: login.default('key').meta({
    description:
      'key: by privateKey. agent: by the keys that the SSH agent of the workers holds; none is stored.',
  }),
  privateKey: privateKey.optional(),
};

interface GivenLogin {
  readonly login: z.output<typeof login>;
  readonly privateKey?: unknown;
}

/** Names the private key that is missing or one too many. */
export function fittingLogin({ login: by, privateKey: key }: GivenLogin, context: z.RefinementCtx): void {
  if ((key === undefined) === (by === 'agent')) return;
  const message =
    by === 'agent' ? 'is not taken where login is "agent"' : 'is missing; or let login be "agent"';
  context.addIssue({ code: 'custom', path: ['privateKey'], message });
}
