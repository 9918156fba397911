import { expect, it } from 'vitest';
import { type Expecting, expectedStart } from '#schedule';
import { rememberedStart } from './expected-starts.js';

const NOW = Date.UTC(2026, 10, 29, 12);
const DAY = 86_400_000;

const schedule = (place: number, over: Partial<Expecting> = {}): Expecting => ({
  ...{ id: `s${place}`, rule: { kind: 'days-left', days: 30 }, nextTickAt: NOW + place * 60_000 },
  timetable: { cron: '0 3 * * *', timeZone: 'UTC', windows: [], jitterSeconds: 0 },
  validity: { notBefore: NOW - DAY, notAfter: NOW + 10 * DAY },
  ...over,
});

it('is what is expected of a schedule as it is, also when thousands were asked for between', () => {
  for (let place = 0; place < 2_500; place += 1) rememberedStart(schedule(place), NOW);
  for (const place of [0, 1_000, 2_499])
    expect(rememberedStart(schedule(place), NOW)).toBe(NOW + place * 60_000);
});

it('is another one once the schedule, its next tick or the CA is another one', () => {
  const validity = { notBefore: NOW, notAfter: NOW + 100 * DAY };
  for (const over of [
    {},
    { nextTickAt: NOW + DAY },
    { validity },
    { rule: { kind: 'hours-left', hours: 3 } as const },
  ]) {
    const one = schedule(1, over);
    expect(rememberedStart(one, NOW)).toBe(expectedStart(one, NOW));
  }
});

it('follows the clock where no tick is planned', () => {
  const unplanned = schedule(1, { nextTickAt: null });
  const [today, later] = [rememberedStart(unplanned, NOW), rememberedStart(unplanned, NOW + DAY)];
  expect(later).toBe((today ?? 0) + DAY);
});
