import { describe, expect, it } from 'vitest';
import { Progress } from './progress.js';

function aProgress(live: boolean) {
  const at = { now: 0 };
  const written: string[] = [];
  const progress = new Progress({ live, now: () => at.now, write: (text) => void written.push(text) });
  progress.start('windlass drift');
  const tickAt = (now: number) => {
    at.now = now;
    progress.tick();
  };
  return { at, written, progress, tickAt };
}

describe('progress', () => {
  it('is silent for a second, then turns and counts in a terminal, and is gone before something is written', () => {
    const { written, progress, tickAt } = aProgress(true);
    tickAt(999);
    expect(written).toEqual([]);
    tickAt(1_000);
    tickAt(2_100);
    progress.hush();
    expect(written).toEqual([
      '\r\u001b[2K⠋ windlass drift, 1 s',
      '\r\u001b[2K⠙ windlass drift, 2 s',
      '\r\u001b[2K',
    ]);
    progress.stop();
  });

  it('begins anew when something was written', () => {
    const { at, written, progress, tickAt } = aProgress(true);
    at.now = 900;
    progress.hush();
    tickAt(1_800);
    expect(written).toEqual([]);
    progress.stop();
  });

  it('has a line for each thing with a name in a pipe, and none for what has no name', () => {
    const { at, written, progress, tickAt } = aProgress(false);
    tickAt(5_000);
    expect(written).toEqual([]);
    at.now = 6_000;
    progress.waitingFor('reading the key of edge-1');
    for (const now of [6_500, 7_100, 9_000]) tickAt(now);
    expect(written).toEqual(['reading the key of edge-1 ...\n']);
    progress.stop();
  });
});
