import type { SecretBox, SshServer } from '#engine';
import type { HostEntity } from './entities/host.entity.js';
import type { HostView } from './fleet-views.js';
import { sealContext } from './sealed-columns.js';

type JumpColumns = Pick<
  HostEntity,
  'jumpAddress' | 'jumpPort' | 'jumpUser' | 'jumpHostKey' | 'jumpPrivateKey'
>;

/** Where a jump host is, without the key to it. */
export type JumpPlace = Omit<JumpColumns, 'jumpPrivateKey'>;

/** The columns of a jump host. A private key is sealed for the row of the host behind it. */
export function jumpColumns(jump: SshServer | null | undefined, hostId: string, box: SecretBox): JumpColumns {
  if (!jump) {
    return {
      ...{ jumpAddress: null, jumpPort: null, jumpUser: null },
      ...{ jumpHostKey: null, jumpPrivateKey: null },
    };
  }
  const { address, port, user, hostKey, privateKey } = jump;
  return {
    ...{ jumpAddress: address, jumpPort: port, jumpUser: user, jumpHostKey: hostKey },
    jumpPrivateKey:
      privateKey && box.seal(privateKey.reveal(), sealContext('hosts.jump_private_key', hostId)),
  };
}

/** Null where the host is reached directly. `hasKey`: a private key to it is stored. */
export function jumpView(row: JumpPlace, hasKey: boolean): HostView['jump'] {
  const { jumpAddress: address, jumpPort: port, jumpUser: user, jumpHostKey: hostKey } = row;
  // All of them are there or none: the table says so.
  if (address === null || port === null || user === null || hostKey === null) return null;
  return { address, port, user, login: hasKey ? 'key' : 'agent', hostKey };
}

/** As {@link jumpView}, with what is needed to log in. */
export function jumpIn(row: JumpColumns & Pick<HostEntity, 'id'>, box: SecretBox): SshServer | null {
  const sealed = row.jumpPrivateKey;
  const seen = jumpView(row, sealed !== null);
  if (seen === null) return null;
  const { address, port, user, hostKey } = seen;
  const privateKey = sealed === null ? null : box.open(sealed, sealContext('hosts.jump_private_key', row.id));
  return { address, port, user, hostKey, privateKey };
}
