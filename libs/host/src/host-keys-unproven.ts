import type ssh2 from 'ssh2';

/** OpenSSH names all host keys of a server behind the login (PROTOCOL, 2.5). */
const HOST_KEYS = 'hostkeys-00@openssh.com';

interface Handlers {
  GLOBAL_REQUEST?: (protocol: unknown, name: string, ...rest: unknown[]) => void;
}

/**
 * Leaves the other host keys of a server alone. ssh2 asks the server to sign with every key that it names, and checks
 * each, for those who keep them; one key is pinned here, and was proven in the key exchange. On a server with an RSA
 * key that signature alone costs as much as the login. ssh2 1.17 has no option for it: where a release keeps its
 * handlers elsewhere, the server is asked as before.
 */
export function leaveHostKeysUnproven(client: ssh2.Client): void {
  const protocol: { readonly _handlers?: Handlers } | undefined = Reflect.get(client, '_protocol');
  const handlers = protocol?._handlers;
  const answer = handlers?.GLOBAL_REQUEST;
  if (!handlers || !answer) return;
  handlers.GLOBAL_REQUEST = (self, name, ...rest) => {
    if (name !== HOST_KEYS) answer(self, name, ...rest);
  };
}
