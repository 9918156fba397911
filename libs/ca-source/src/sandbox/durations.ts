import { SandboxRefusal } from './sandbox-reply.js';

const UNIT_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** Seconds of a duration as Vault takes it: a number of seconds, or text such as `90s` or `1h30m`. 0 when not given. */
export function durationSeconds(value: unknown): number {
  if (value === undefined || value === null || value === '') return 0;
  const text = String(value);
  if (/^\d+$/.test(text)) return Number(text);
  if (!/^(\d+[smhd])+$/.test(text)) throw new SandboxRefusal(400, [`invalid duration "${text}"`]);
  return [...text.matchAll(/(\d+)([smhd])/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * (UNIT_SECONDS[unit ?? ''] ?? 0),
    0,
  );
}
