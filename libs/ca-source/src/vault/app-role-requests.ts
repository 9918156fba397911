import type { z } from 'zod';
import { type AppRole, PortError, Secret } from '#engine';
import { VaultConnection } from './vault-connection.js';
import { nameOf, type VaultPlace } from './vault-question.js';
import { loginReply } from './vault-replies.js';

/** Where Vault is, without anything to show it. */
export type VaultServer = Omit<VaultPlace, 'token' | 'hidden'>;

/** A token and how long Vault lets it live. */
export interface TokenLease {
  readonly token: Secret;
  /** Infinity for one that does not end. */
  readonly seconds: number;
  readonly renewable: boolean;
}

const NO_TOKEN = new Secret('');

/**
 * `POST auth/<mount>/login`. Throws PortError `ca.login-refused` where the login itself is at fault, else as
 * CaSource does.
 */
export async function logIn(server: VaultServer, { mount, roleId, secretId }: AppRole): Promise<TokenLease> {
  const place = { ...server, token: NO_TOKEN, hidden: [secretId] };
  const vault = new VaultConnection(place);
  const path = `auth/${mount}/login`;
  const login = { role_id: roleId, secret_id: secretId.reveal() };
  const { auth } = await vault
    .write(path, `log in by AppRole at ${mount}`, login, loginReply)
    .catch((error: unknown) => {
      throw isRefusal(error) ? loginRefused(place, mount, error) : error;
    });
  // A token for so many requests would be used up in the middle of a rotation.
  if (auth.num_uses > 0) throw usesCounted(place, mount, auth.num_uses);
  return leaseOf(auth);
}

/** `POST auth/token/renew-self`, for which Vault's policy `default` suffices. */
export async function renew(server: VaultServer, token: Secret): Promise<TokenLease> {
  const vault = new VaultConnection({ ...server, token });
  const { auth } = await vault.write('auth/token/renew-self', 'renew its token', {}, loginReply);
  return leaseOf(auth);
}

/** 0 is a token that does not end, unless it could be renewed: that one ends now. */
function leaseOf(auth: z.output<typeof loginReply>['auth']): TokenLease {
  const { lease_duration: told, renewable } = auth;
  const seconds = told === 0 && !renewable ? Number.POSITIVE_INFINITY : told;
  return { token: new Secret(auth.client_token), seconds, renewable };
}

/** Vault says 400 to a wrong login, 403 to a wrong address of the sender, and 403 or 404 where no AppRole is mounted. */
function isRefusal(error: unknown): error is PortError {
  if (!(error instanceof PortError)) return false;
  const { code, detail = '' } = error.problem;
  if (code === 'ca.failed') return /(role|secret)[ _]id|credentials/i.test(detail);
  return code === 'ca.denied' || code === 'ca.wrong-mount';
}

function loginRefused(place: VaultPlace, mount: string, { problem }: PortError): PortError {
  return new PortError({
    code: 'ca.login-refused',
    message: `${nameOf(place)} refused the login by AppRole at ${mount}`,
    nextStep: `The secret id was revoked, has expired or was used up, or it does not belong to the role id, or no AppRole is mounted at auth/${mount}. Make a new secret id (vault write -f auth/${mount}/role/<role>/secret-id) and store it: PUT /v1/fleets/<id>/issuing-ca/login. A rotation that waits goes on with :retry.`,
    ...(problem.detail === undefined ? {} : { detail: problem.detail }),
  });
}

function usesCounted(place: VaultPlace, mount: string, uses: number): PortError {
  return new PortError({
    code: 'ca.login-refused',
    message: `${nameOf(place)} gave a token for ${uses} requests only when asked to log in by AppRole at ${mount}`,
    nextStep: `A rotation makes many. Let tokens of the role end by time instead: vault write auth/${mount}/role/<role> token_num_uses=0.`,
  });
}
