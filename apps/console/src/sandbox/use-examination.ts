import { useEffect, useRef, useState } from 'react';
import type { Answered, Asked } from './audit-worker.js';
import type { Examination, Question } from './examination.js';

export interface Examined {
  /** Of the last text that was looked at; null before the first. */
  readonly examination: Examination | null;
  /** The question that it answers. */
  readonly question: Question | null;
  readonly fault: string | null;
  /** A newer text is being looked at. */
  readonly busy: boolean;
}

const NOTHING: Examined = { examination: null, question: null, fault: null, busy: false };

/** Has a text examined beside the page, which stays free. While one is examined only the newest waits. */
export function useExamination(question: Question): Examined {
  const [examined, setExamined] = useState(NOTHING);
  const desk = useRef<Desk | null>(null);
  useEffect(() => {
    desk.current = new Desk(setExamined);
    return () => desk.current?.close();
  }, []);
  useEffect(() => desk.current?.ask(question), [question]);
  return examined;
}

/** How long a newer text waits for an older one, in milliseconds. */
const PATIENCE_MS = 1_500;

class Desk {
  readonly #tell: (change: (before: Examined) => Examined) => void;
  #worker: Worker;
  #id = 0;
  #asked: Question | null = null;
  #waiting: Question | null = null;
  #patience: ReturnType<typeof setTimeout> | undefined;

  constructor(tell: (change: (before: Examined) => Examined) => void) {
    this.#tell = tell;
    this.#worker = this.#started();
  }

  ask(question: Question): void {
    this.#tell((before) => ({ ...before, busy: true }));
    if (this.#asked !== null) {
      this.#waiting = question;
      this.#patience ??= setTimeout(() => this.#startOver(), PATIENCE_MS);
      return;
    }
    this.#asked = question;
    this.#id += 1;
    const asked: Asked = { id: this.#id, question };
    this.#worker.postMessage(asked);
  }

  close(): void {
    clearTimeout(this.#patience);
    this.#worker.terminate();
  }

  #started(): Worker {
    const worker = new Worker(new URL('./audit-worker.ts', import.meta.url), { type: 'module' });
    worker.addEventListener('message', ({ data }: MessageEvent<Answered>) => this.#answered(data));
    worker.addEventListener('error', ({ message }) => this.#failed(message));
    return worker;
  }

  /** Gives up on a text that nobody waits for any more. */
  #startOver(): void {
    this.#worker.terminate();
    this.#worker = this.#started();
    this.#next();
  }

  #answered(answered: Answered): void {
    if (answered.id !== this.#id) return;
    const question = this.#asked;
    const busy = this.#waiting !== null;
    if ('fault' in answered) this.#tell((before) => ({ ...before, fault: answered.fault, busy }));
    else this.#tell(() => ({ examination: answered.examination, question, fault: null, busy }));
    this.#next();
  }

  #next(): void {
    clearTimeout(this.#patience);
    this.#patience = undefined;
    const next = this.#waiting;
    this.#asked = null;
    this.#waiting = null;
    if (next !== null) this.ask(next);
  }

  #failed(message: string): void {
    this.#asked = null;
    this.#tell((before) => ({ ...before, busy: false, fault: message || 'the worker could not be started' }));
  }
}
