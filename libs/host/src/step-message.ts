import type { HostTarget } from '#engine';
import { argumentLines } from './bootstrap.js';

export interface Step {
  readonly name: string;
  readonly args: Readonly<Record<string, string | number>>;
  /** Bytes that follow the arguments; null for a step that takes none. */
  readonly payload: string | null;
}

/**
 * One message to the host script, made for the number that its answer will name. `installed`: SHA-256 of the script
 * that is expected to be installed there; null where it is sent. Throws for an argument that is no line of text.
 */
export function stepMessage(
  host: HostTarget,
  { name, args, payload }: Step,
  installed: string | null,
): (number: number) => string {
  // `$(...)` on the host drops newlines at an end, so it ends with something else.
  const body = payload === null ? '' : `${payload}.`;
  return (number) =>
    argumentLines([
      ['reply', number],
      ['step', name],
      ['fleet', host.fleetId],
      ...(installed === null ? [] : [['expect', installed] as const]),
      ['nginx', host.nginxBinary],
      ...(host.nginxArguments ?? []).map((word) => ['nginx-word', word] as const),
      ...(host.reloadCommand ?? []).map((word) => ['reload-word', word] as const),
      ...host.managedPaths.map((path) => ['path', path] as const),
      ...Object.entries(args),
      ...(body === '' ? [] : [['payload', Buffer.byteLength(body)] as const]),
      ['end', ''],
    ]) + body;
}
