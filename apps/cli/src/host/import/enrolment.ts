import type { Host } from '../../server/fleets.js';
import { type NewHost, type SettingValues, settingsBody } from '../host-body.js';
import type { Imported, ImportedHost, ImportedServer, Remark } from './imported.js';

/** What the outside knows: files of keys, and the keys of hosts. Both throw an Error whose message is the reason. */
export interface Surroundings {
  /** A private key, of a file as it was named. */
  readonly privateKey: (file: string) => string;
  /** The key to pin for a server, as `algorithm base64`. */
  readonly hostKey: (server: ImportedServer, given: string | undefined) => string;
}

/** What would be sent, and what would not and why. */
export interface Enrolment {
  readonly hosts: readonly NewHost[];
  readonly unusable: readonly Remark[];
  readonly passedOver: readonly Remark[];
}

/**
 * The hosts of a file as the API takes them. What `values` say goes before what the file says; hosts that are enrolled
 * already, at the same place, are passed over.
 */
export function enrolmentOf(
  imported: Imported,
  values: SettingValues,
  enrolled: readonly Pick<Host, 'name' | 'address' | 'port'>[],
  surroundings: Surroundings,
): Enrolment {
  const hosts: NewHost[] = [];
  const unusable: Remark[] = [...imported.unusable];
  const passedOver: Remark[] = [...imported.passedOver];
  for (const host of imported.hosts) {
    const { line, name: what } = host;
    if (enrolled.some((one) => isSame(one, host))) {
      passedOver.push({ line, what, why: 'is enrolled already' });
      continue;
    }
    try {
      const other = [...enrolled, ...hosts].find((one) => collides(one, host));
      if (other !== undefined)
        throw new RangeError(`there is a host ${other.name} at ${other.address}:${other.port ?? 22}`);
      hosts.push(bodyOf(host, values, surroundings));
    } catch (error) {
      unusable.push({ line, what, why: (error as Error).message });
    }
  }
  const byLine = (one: Remark, other: Remark) => one.line - other.line;
  return { hosts, unusable: unusable.sort(byLine), passedOver: passedOver.sort(byLine) };
}

type Placed = Pick<Host, 'name' | 'address'> & { readonly port?: number | undefined };

function isSame(one: Placed, host: ImportedHost): boolean {
  return one.name === host.name && isAt(one, host);
}

function collides(one: Placed, host: ImportedHost): boolean {
  return one.name === host.name || isAt(one, host);
}

function isAt(one: Placed, { address, port }: ImportedHost): boolean {
  return one.address === address && (one.port ?? 22) === port;
}

const NAME = /^[A-Za-z0-9]([A-Za-z0-9._-]{0,251}[A-Za-z0-9])?$/;

function bodyOf(host: ImportedHost, values: SettingValues, surroundings: Surroundings): NewHost {
  const { name, address, port } = host;
  if (!NAME.test(name)) throw new RangeError('its name must have A-Z a-z 0-9 . _ - only');
  const settings = settingsBody(values, address, host);
  const login = loginOf(host, values, surroundings);
  const hostKey = surroundings.hostKey(host, host.hostKey);
  if (host.jump === null) return { name, address, port, ...login, ...settings, hostKey };
  const jump = {
    ...{
      address: host.jump.address,
      port: host.jump.port,
      hostKey: surroundings.hostKey(host.jump, undefined),
    },
    ...loginOf(
      { ...host.jump, user: host.jump.user ?? login.user, keyFile: host.jump.keyFile ?? host.keyFile },
      {
        ...{ agent: values.agent, 'key-file': values['key-file'] },
      },
      surroundings,
    ),
  };
  return { name, address, port, ...login, ...settings, hostKey, jump };
}

type Login = Pick<NewHost, 'user' | 'login' | 'privateKey'>;

interface LoginValues {
  readonly user?: string | undefined;
  readonly agent?: boolean | undefined;
  readonly 'key-file'?: string | undefined;
}

function loginOf(
  { user: own, keyFile: ownFile }: Pick<ImportedServer, 'user' | 'keyFile'>,
  values: LoginValues,
  { privateKey }: Surroundings,
): Login {
  const user = values.user ?? own;
  if (user === null) throw new RangeError('nobody says who logs in: give --user');
  if (values.agent) return { user, login: 'agent' };
  const file = values['key-file'] ?? ownFile;
  if (file === null) throw new RangeError('nobody says with which key to log in: give --key-file or --agent');
  return { user, login: 'key', privateKey: privateKey(file) };
}
