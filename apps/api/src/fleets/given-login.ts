import { type CaLogins, PortError, type TokenOrAppRole, type VaultMount } from '#engine';
import type { ApiLog } from '../api-log.js';
import type { ProblemCode } from '../http/problem-kinds.js';
import type { GivenLogin } from './ca-login-schema.js';

/** What a login that has to be unwrapped may be answered with. */
export const LOGIN_PROBLEMS = [
  'ca.wrapping-used',
  'ca.wrapping-foreign',
  'ca.wrapping-counted',
  'ca.login-refused',
  'ca.unreachable',
  'ca.sealed',
  'ca.rate-limited',
  'ca.denied',
  'ca.wrong-mount',
  'ca.failed',
] as const satisfies readonly ProblemCode[];

/** What a login is answered with that does not fit the CA. */
export const LOGIN_FIT_PROBLEMS = [
  'ca.without-login',
  'ca.other-login',
] as const satisfies readonly ProblemCode[];

/** A login that is one of another kind of CA. */
export function otherLogin(taken: string, given: string): PortError {
  return new PortError({
    code: 'ca.other-login',
    message: `The issuing CA of the fleet takes ${taken}, and not ${given}.`,
    nextStep: `Give ${taken}.`,
  });
}

/**
 * The login to be stored. A wrapped secret id is opened here, once and for ever, so everything else about the request
 * must be in order by now. Throws PortError with one of {@link LOGIN_PROBLEMS}.
 */
export async function takeLogin(
  { token, appRole }: GivenLogin,
  server: Pick<VaultMount, 'address' | 'namespace' | 'mount' | 'serverCaPem'>,
  logins: CaLogins,
  log: ApiLog,
): Promise<TokenOrAppRole> {
  if (token !== undefined) return { token };
  if (appRole === undefined) throw new Error('a login of neither kind passed its schema');
  const { mount, roleId, secretId, wrappedSecretId: wrapped } = appRole;
  if (secretId !== undefined) return { appRole: { mount, roleId, secretId } };
  if (wrapped === undefined) throw new Error('an AppRole without a secret id passed its schema');
  try {
    return { appRole: { mount, roleId, secretId: await logins.unwrap(server, { mount, roleId, wrapped }) } };
  } catch (error) {
    if (error instanceof PortError && error.problem.code.startsWith('ca.wrapping-')) {
      log.warn({ problem: error.problem }, 'a wrapped secret id was refused');
    }
    throw error;
  }
}
