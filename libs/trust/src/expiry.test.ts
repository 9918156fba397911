import { expect, it } from 'vitest';
import { daysLeft } from './expiry.js';

const DAY = 86_400_000;
const NOW = Date.UTC(2027, 0, 1);

it.each([
  { what: 'ten days and a bit', notAfter: NOW + 10 * DAY + 1, days: 10 },
  { what: 'one millisecond less than ten days', notAfter: NOW + 10 * DAY - 1, days: 9 },
  { what: 'the last day', notAfter: NOW + DAY - 1, days: 0 },
  { what: 'this moment', notAfter: NOW, days: 0 },
  { what: 'a moment ago', notAfter: NOW - 1, days: -1 },
  { what: 'two days ago', notAfter: NOW - 2 * DAY, days: -2 },
])('daysLeft counts whole days: $what', ({ notAfter, days }) => {
  expect(daysLeft(notAfter, NOW)).toBe(days);
});
