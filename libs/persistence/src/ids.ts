import { randomBytes } from 'node:crypto';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const COUNTER_LIMIT = 0x1000;

let lastMilliseconds = 0;
let counter = 0;

/**
 * A UUID of version 7 (RFC 9562 5.7, counter as in 6.2 method 1): those made by one process sort as they were
 * made, so rows written at once keep their order.
 */
export function newId(): string {
  const now = Date.now();
  if (now > lastMilliseconds) {
    lastMilliseconds = now;
    counter = 0;
  } else {
    counter += 1;
    // A full counter borrows from the next millisecond.
    if (counter === COUNTER_LIMIT) {
      lastMilliseconds += 1;
      counter = 0;
    }
  }
  const time = lastMilliseconds.toString(16).padStart(12, '0');
  const count = counter.toString(16).padStart(3, '0');
  const random = randomBytes(8);
  random.writeUInt8(0x80 | (random.readUInt8(0) & 0x3f), 0);
  const tail = random.toString('hex');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${count}-${tail.slice(0, 4)}-${tail.slice(4)}`;
}

/** Anything else names no row, and PostgreSQL would fail on it instead of finding nothing. */
export function isId(text: string): boolean {
  return UUID.test(text);
}
