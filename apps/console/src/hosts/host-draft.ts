import { loginOf, type NewHost } from './hosts-csv.js';
import { linesOf, listenerOf } from './listeners.js';
import type { LoginDraft } from './login-fields.js';

/** What stands in the fields of a host that is being added. */
export interface HostDraft extends LoginDraft {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly user: string;
  /** One key, or lines of known_hosts. */
  readonly hostKey: string;
  readonly managedPaths: string;
  readonly listeners: string;
  readonly access: 'root' | 'installed';
  readonly nginxBinary: string;
}

export const EMPTY_HOST: HostDraft = {
  ...{ name: '', address: '', port: 22, user: 'root', login: 'key', privateKey: '', hostKey: '' },
  ...{ managedPaths: '', listeners: '', access: 'root', nginxBinary: 'nginx' },
};

/** A key begins with its type; a line of known_hosts with the names of the host. */
const KEY = /^(ssh-|ecdsa-)\S+ \S+( .*)?$/;

/** The body of `POST /v1/fleets/:id/hosts` for one host, and the lines that are no listeners. */
export function newHostOf(draft: HostDraft): { readonly host: NewHost; readonly notListeners: string[] } {
  const { name, address, port, user, access, nginxBinary, hostKey } = draft;
  const lines = linesOf(draft.listeners);
  const read = lines.map((line) => listenerOf(line, address.trim()));
  const key = hostKey.trim();
  return {
    notListeners: lines.filter((_, index) => read[index] === null),
    host: {
      ...{ name: name.trim(), address: address.trim(), port, user: user.trim(), access, nginxBinary },
      ...loginOf(draft),
      ...(KEY.test(key) ? { hostKey: key } : { knownHosts: hostKey }),
      managedPaths: linesOf(draft.managedPaths),
      probeTargets: read.filter((target) => target !== null),
    },
  };
}
