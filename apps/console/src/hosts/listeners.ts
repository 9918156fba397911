import type { components } from '#api-client';

export type NewProbeTarget = components['schemas']['NewProbeTarget'];

/** `address:port name`, `[v6]:port name`, or `port name` for one at the address of the host; the name may be left out. */
const LISTENER = /^(?:(?:\[([^\]]+)\]|([^\s:[\]]+)):)?(\d{1,5})(?:\s+(\S+))?$/;

/** Reads one listener; null for a text that is none. */
export function listenerOf(text: string, hostAddress: string): NewProbeTarget | null {
  const [, v6, address, port, serverName] = LISTENER.exec(text.trim()) ?? [];
  if (port === undefined) return null;
  return {
    ...{ address: v6 ?? address ?? hostAddress, port: Number(port), path: '/' },
    serverName: serverName ?? null,
  };
}

/** The pieces of a text with one thing on each line. */
export function linesOf(text: string, separator = '\n'): string[] {
  return text
    .split(separator)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
