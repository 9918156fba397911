import { describe, expect, it } from 'vitest';
import { Turnstile } from './turnstile.js';

/** Tasks that end when the test says so. */
function gate() {
  const open: (() => void)[] = [];
  const started: string[] = [];
  const task = (name: string) => (): Promise<string> => {
    started.push(name);
    return new Promise((resolve) => open.push(() => resolve(name)));
  };
  return { open, started, task };
}

/** Lets every promise that can settle do so. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

describe('Turnstile', () => {
  it('lets so many in at once and the rest in the order they came', async () => {
    const { open, started, task } = gate();
    const turnstile = new Turnstile(2);
    const all = Promise.all(['a', 'b', 'c', 'd'].map((name) => turnstile.run(task(name))));
    await settle();
    expect(started).toEqual(['a', 'b']);
    open[1]?.();
    await settle();
    expect(started).toEqual(['a', 'b', 'c']);
    open[0]?.();
    await settle();
    open[2]?.();
    open[3]?.();
    expect(await all).toEqual(['a', 'b', 'c', 'd']);
  });

  it('gives the place of a task that failed to the next', async () => {
    const turnstile = new Turnstile(1);
    const failed = turnstile.run(() => Promise.reject(new Error('no')));
    const next = turnstile.run(async () => 'yes');
    await expect(failed).rejects.toThrow('no');
    expect(await next).toBe('yes');
    expect(await turnstile.run(async () => 'again')).toBe('again');
  });
});
