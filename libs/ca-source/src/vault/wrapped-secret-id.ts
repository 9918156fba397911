import { CaLogins, PortError, Secret, type WrappedSecretId } from '#engine';
import { logIn, type VaultServer } from './app-role-requests.js';
import { VaultConnection } from './vault-connection.js';
import { nameOf, type VaultPlace } from './vault-question.js';
import { secretIdReply, wrappingReply } from './vault-replies.js';

/** `sys/wrapping/lookup`, `sys/wrapping/unwrap` and a login, at whatever Vault is named. */
export class VaultCaLogins extends CaLogins {
  override async unwrap(server: VaultServer, { mount, roleId, wrapped }: WrappedSecretId): Promise<Secret> {
    const place = { ...server, token: new Secret(''), hidden: [wrapped] };
    await refuseForeign(place, mount, wrapped);
    const { data } = await new VaultConnection({ ...server, token: wrapped })
      .write('sys/wrapping/unwrap', 'unwrap the secret id', {}, secretIdReply)
      .catch((error: unknown) => {
        throw isGone(error) ? alreadyUsed(place, mount, error) : error;
      });
    if (data.secret_id_num_uses > 0) throw counted(place, mount, data.secret_id_num_uses);
    const secretId = new Secret(data.secret_id);
    await logIn(server, { mount, roleId, secretId });
    return secretId;
  }
}

/** A token that wraps anything but a secret id of this AppRole was made by somebody else to be believed here. */
async function refuseForeign(place: VaultPlace, mount: string, wrapped: Secret): Promise<void> {
  const { data } = await new VaultConnection(place)
    .write('sys/wrapping/lookup', 'tell what is wrapped', { token: wrapped.reveal() }, wrappingReply)
    .catch((error: unknown) => {
      throw isGone(error) ? alreadyUsed(place, mount, error) : error;
    });
  if (isSecretIdOf(mount, withoutNamespace(data.creation_path, place))) return;
  throw new PortError({
    code: 'ca.wrapping-foreign',
    message: `${nameOf(place)} says that the wrapping token holds the reply to "${data.creation_path}", not to "auth/${mount}/role/<role>/secret-id": it was made by somebody else, or for something else`,
    nextStep: `It was not opened. Find out who sent it, then wrap a secret id yourself: vault write -wrap-ttl=10m -f auth/${mount}/role/<role>/secret-id.`,
  });
}

function isSecretIdOf(mount: string, path: string): boolean {
  const [before, after] = [`auth/${mount}/role/`, '/secret-id'];
  if (!path.startsWith(before) || !path.endsWith(after)) return false;
  return /^[^/]+$/.test(path.slice(before.length, -after.length));
}

function withoutNamespace(path: string, { namespace }: VaultPlace): string {
  return namespace !== '' && path.startsWith(`${namespace}/`) ? path.slice(namespace.length + 1) : path;
}

/** Vault says the same, 400, of a token that was used, that expired and that never was. */
function isGone(error: unknown): error is PortError {
  return error instanceof PortError && /wrapping token is not valid/.test(error.problem.detail ?? '');
}

function alreadyUsed(place: VaultPlace, mount: string, { problem }: PortError): PortError {
  return new PortError({
    code: 'ca.wrapping-used',
    message: `SECURITY: the wrapping token was used already, or has expired, at ${nameOf(place)}: somebody else may hold the secret id`,
    nextStep: `Treat the secret id as stolen: destroy it (vault list auth/${mount}/role/<role>/secret-id, then secret-id-accessor/destroy) and look in Vault's audit log for sys/wrapping/unwrap. Then wrap a new one: vault write -wrap-ttl=10m -f auth/${mount}/role/<role>/secret-id.`,
    ...(problem.detail === undefined ? {} : { detail: problem.detail }),
  });
}

function counted(place: VaultPlace, mount: string, uses: number): PortError {
  return new PortError({
    code: 'ca.wrapping-counted',
    message: `the secret id that was wrapped at ${nameOf(place)} is good for ${uses} logins only`,
    nextStep: `API and workers log in whenever a token ends. Set secret_id_num_uses=0 for the role, then wrap a new one: vault write -wrap-ttl=10m -f auth/${mount}/role/<role>/secret-id.`,
  });
}
