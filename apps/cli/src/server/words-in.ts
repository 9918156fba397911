const SECONDS: Readonly<Record<string, number>> = {
  s: 1,
  m: 60,
  h: 3_600,
  d: 86_400,
  w: 604_800,
  y: 31_536_000,
};

/** Seconds of `90s`, `30m`, `12h`, `7d`, `2w` or `1y` (365 days). Throws RangeError that names the option. */
export function secondsIn(text: string, option: string): number {
  const [, count, unit] = /^(\d{1,9})([smhdwy])$/.exec(text) ?? [];
  if (count === undefined || unit === undefined) {
    throw new RangeError(`--${option} must be such as 90s, 30m, 12h, 7d, 2w or 1y, not "${text}"`);
  }
  return Number(count) * (SECONDS[unit] ?? 1);
}

/** Throws RangeError that names the option. */
export function wholeIn(text: string, option: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new RangeError(`--${option} must be a whole number, not "${text}"`);
  return Number(text);
}

/** Throws RangeError that names the option and the words it takes. */
export function oneOf<Word extends string>(text: string, words: readonly Word[], option: string): Word {
  const found = words.find((word) => word === text);
  if (found !== undefined) return found;
  throw new RangeError(`--${option} must be one of ${words.join(', ')}, not "${text}"`);
}
