import { describe, expect, it } from 'vitest';
import { counted, countedProbe, type Measurement } from './measure.js';
import {
  PortError,
  type Probe,
  type ProbeAnswer,
  type ProbeIdentity,
  type ProbeTarget,
} from './ports/index.js';

const refusal = new PortError({ code: 'ca.denied', message: 'It says no.', nextStep: 'Ask for leave.' });

/** A port with a field that no proxy has. */
class Door {
  readonly #opened = 1;
  async opened(times: number): Promise<number> {
    return this.#opened * times;
  }
  async refused(): Promise<never> {
    throw refusal;
  }
  async broken(): Promise<never> {
    throw new TypeError('a defect');
  }
}

describe('a counted port', () => {
  it('answers as before, and tells the code of what it refuses and nothing else', async () => {
    const told: Measurement[] = [];
    const door = counted(new Door(), 'ca', (one) => told.push(one));
    expect(await door.opened(3)).toBe(3);
    await expect(door.refused()).rejects.toBe(refusal);
    await expect(door.broken()).rejects.toBeInstanceOf(TypeError);
    expect(told).toEqual([{ kind: 'port-failed', port: 'ca', code: 'ca.denied' }]);
  });
});

describe('a counted probe', () => {
  it.each<[ProbeAnswer, string]>([
    [{ kind: 'http', status: 200, tls: 'TLSv1.3' }, 'answered'],
    [{ kind: 'http', status: 400, tls: 'TLSv1.3' }, 'refused'],
    [{ kind: 'tls-refused', alert: 'unknown ca' }, 'refused'],
    [{ kind: 'no-answer', reason: 'ECONNREFUSED' }, 'none'],
  ])('tells of %o that it was %s', async (answer, kind) => {
    const told: Measurement[] = [];
    const inner = { ask: async () => answer } as unknown as Probe;
    const probe = countedProbe(inner, (one) => told.push(one));
    const target: ProbeTarget = { address: '127.0.0.1', port: 1, serverName: null, path: '/' };
    expect(await probe.ask(target, null satisfies ProbeIdentity | null)).toBe(answer);
    expect(told).toEqual([{ kind: 'probed', answer: kind }]);
  });
});
