import type { parseArgs } from 'node:util';
import type { components } from '#api-client';
import { oneOf } from '../server/words-in.js';
import type { HOST_SETTINGS } from './options.js';

export type NewHost = components['schemas']['NewHost'];
type ProbeTarget = components['schemas']['NewProbeTarget'];
export type SettingValues = ReturnType<typeof parseArgs<{ options: typeof HOST_SETTINGS }>>['values'];
type Settings = Omit<
  NewHost,
  'name' | 'address' | 'port' | 'user' | 'login' | 'privateKey' | 'hostKey' | 'jump'
>;

/** What a file says of one host, where options do not. */
export interface OwnSettings {
  readonly managedPaths?: readonly string[];
  readonly listeners?: readonly string[];
}

/** Of a host at this address. Throws RangeError for what lacks or makes no sense. Pure. */
export function settingsBody(values: SettingValues, address: string, own: OwnSettings = {}): Settings {
  const { access, nginx, reload } = values;
  const managedPaths = values['managed-path'] ?? own.managedPaths ?? [];
  const listeners = values.listener ?? own.listeners ?? [];
  if (managedPaths.length === 0)
    throw new RangeError('--managed-path is missing: the bundle that Windlass switches');
  if (listeners.length === 0) {
    throw new RangeError('--listener is missing: where nginx asks for client certificates, such as :443');
  }
  return {
    managedPaths: [...managedPaths],
    probeTargets: listeners.map((text) => listenerIn(text, address)),
    ...(access === undefined ? {} : { access: oneOf(access, ['root', 'installed'], 'access') }),
    ...(nginx === undefined ? {} : { nginxBinary: nginx }),
    ...(values['nginx-argument'] === undefined ? {} : { nginxArguments: [...values['nginx-argument']] }),
    ...(reload === undefined ? {} : { reloadCommand: [...reload] }),
  };
}

/** Of `:443`, `edge.example:8443/edge.example` or `[2001:db8::1]:443`. Throws RangeError. Pure. */
export function listenerIn(text: string, address: string): ProbeTarget {
  const [, bracketed, plain = '', port, name] =
    /^(?:\[([^\]]+)\]|([^:/[\]]*)):(\d{1,5})(?:\/(.+))?$/.exec(text) ?? [];
  if (port === undefined) {
    throw new RangeError(
      `a listener must be such as :443, edge.example:8443/edge.example or [2001:db8::1]:443, not "${text}"`,
    );
  }
  const at = bracketed ?? (plain === '' ? address : plain);
  return { address: at, port: Number(port), ...(name === undefined ? {} : { serverName: name }) };
}

/** Of `[user@]host[:port]`, as ProxyJump of ssh_config(5) has it. Null where it is another form. Pure. */
export function sshPlaceIn(text: string): { user: string | null; address: string; port: number } | null {
  const parts = /^(?:([^@\s]+)@)?(?:\[([^\]]+)\]|([^:,@/[\]\s]+))(?::(\d{1,5}))?$/.exec(text);
  if (parts === null) return null;
  const [, user = null, bracketed, plain = '', port = '22'] = parts;
  return { user, address: bracketed ?? plain, port: Number(port) };
}
