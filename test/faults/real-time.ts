import { Network, type Question } from '../../libs/simulation/src/network.js';
import type { SimProcess } from '../../libs/simulation/src/sim-process.js';
import { VirtualTime } from '../../libs/simulation/src/virtual-time.js';

/** The clock of this machine in place of a simulated one, for hosts that live beside real servers. */
export class RealTime extends VirtualTime {
  constructor() {
    super(0);
  }

  override now(): number {
    return Date.now();
  }

  override after(milliseconds: number, run: () => void): () => void {
    const timer = setTimeout(run, Math.max(0, milliseconds));
    return () => clearTimeout(timer);
  }
}

/** Twice what any step of a host takes that is there (a stuck reload: 3 s), and short enough to wait for one that is not. */
const PATIENCE_MS = 6_000;

/** Paths that lose patience sooner, as nobody wants to wait 45 real seconds for a host that is away. */
export class QuickNetwork extends Network {
  override ask<T>(process: SimProcess, question: Question<T>): Promise<T> {
    return super.ask(process, { ...question, timeoutMs: Math.min(question.timeoutMs, PATIENCE_MS) });
  }
}

/** No path at all: whoever asks has one of its own, such as a real connection. */
export class DirectNetwork extends Network {
  override async ask<T>(_process: SimProcess, { answer }: Question<T>): Promise<T> {
    return answer();
  }
}
