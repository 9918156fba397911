import { setFlagsFromString } from 'node:v8';

/** In per cent of what was in use behind the last collection. */
const GROWTH = 40;

/**
 * Has V8 collect garbage when the heap has grown by two fifths. By itself it lets a heap become several times as large
 * as what is in use, by what it takes the machine for: a worker that held 120 MB for ten thousand hosts took 620 MB. To be
 * called before anything else.
 */
export function collectEarly(): void {
  setFlagsFromString(`--heap-growing-percent=${GROWTH}`);
}
