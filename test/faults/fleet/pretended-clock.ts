import type { TestHost } from '#kit';

/**
 * A wall clock of its own for one host: everything there that asks `date` is told another time. Its monotonic clock
 * goes on, as it does where somebody sets the time.
 */
export function pretendClock(host: TestHost): { shift(seconds: number): void; restore(): void } {
  const date = host.exec('readlink -f "$(command -v date)"').trim();
  host.writeFile('run/clock-shift', '0\n');
  host.writeFile(
    'run/pretended-date',
    '#!/bin/sh\nread -r shift < /run/clock-shift\nexec /run/true-date -d "@$(($(/run/true-date +%s) + shift))" "$@"\n',
  );
  host.exec(
    `cp ${date} /run/true-date && chmod 755 /run/pretended-date && mount --bind /run/pretended-date ${date}`,
  );
  return {
    shift: (seconds) => host.writeFile('run/clock-shift', `${seconds}\n`),
    restore: () => void host.exec(`umount ${date}`),
  };
}
