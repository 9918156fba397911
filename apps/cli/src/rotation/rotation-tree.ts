import type { components } from '#api-client';
import { type Paint, PLAIN } from './state-colours.js';

export type Rotation = components['schemas']['Rotation'];
type Host = components['schemas']['RotationHost'];

const GLYPHS: Readonly<Record<Rotation['status'], string>> = {
  ...{ pending: '◌', running: '◐', paused: '‖', blocked: '✖' },
  ...{ succeeded: '✔', reverted: '↶', refused: '⊘', cancelled: '⊘' },
};

const STEP_GLYPHS: Readonly<Record<Host['step'], string>> = {
  ...{ waiting: '◌', inspected: '○', staged: '◔', committed: '◑', proven: '◕', confirmed: '●' },
  ...{ restored: '↶', reverted: '↶', decommissioned: '–', unknown: '?' },
};

/** The rotation as a tree of waves and hosts, and what it says of itself; `now` in milliseconds since the epoch. */
export function rotationTree(rotation: Rotation, now: number, paint: Paint = PLAIN): string {
  const { id, fleetName, otherFleets, strategy, status, phase, phaseSince, explanation, hosts } = rotation;
  const fleets = [fleetName, ...otherFleets.map((other) => other.fleetName)].join(', ');
  const waves = [...new Set(hosts.map(({ wave }) => wave))].sort((one, other) => one - other);
  return [
    `${paint(status, GLYPHS[status])} ${strategy} of ${fleets}  ${paint(status, status)}, ${phase} for ${lasted(phaseSince, now)}`,
    `  ${id}`,
    ...waves.flatMap((wave) => waveLines(wave, hosts, now, paint)),
    '',
    ...explanation.split('\n'),
  ].join('\n');
}

function waveLines(wave: number, all: readonly Host[], now: number, paint: Paint): string[] {
  const hosts = all.filter((host) => host.wave === wave);
  const width = Math.max(...hosts.map(({ name }) => name.length));
  const lines = hosts.map((host, place) => {
    const branch = place === hosts.length - 1 ? '└─' : '├─';
    const state = `${paint(host.step, host.step)}, serves ${host.serving}`;
    const wrong = host.reason === null ? '' : `  ${host.reason.message} Next: ${host.reason.nextStep}`;
    return `  ${branch} ${paint(host.step, STEP_GLYPHS[host.step])} ${host.name.padEnd(width)}  ${state}, for ${lasted(host.since, now)}${wrong}`;
  });
  return [`  wave ${wave}${wave === 0 ? ' (canary)' : ''}`, ...lines];
}

/** `3 s`, `5 min`, `2 h`, `4 d`: the largest unit that fits. */
export function lasted(since: string, now: number): string {
  const seconds = Math.max(0, Math.round((now - Date.parse(since)) / 1000));
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7_200) return `${Math.floor(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.floor(seconds / 3_600)} h` : `${Math.floor(seconds / 86_400)} d`;
}

/** 0: it goes on or went well; 1: it did not begin; 2: it was reverted; 3: it waits for a person. */
export function exitCodeOf({ status }: Pick<Rotation, 'status'>): number {
  if (status === 'refused' || status === 'cancelled') return 1;
  if (status === 'reverted') return 2;
  return status === 'blocked' ? 3 : 0;
}
