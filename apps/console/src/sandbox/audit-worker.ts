import type { Examination, Question } from './examination.js';
import { examine } from './examine.js';

/** What the page sends. */
export interface Asked {
  readonly id: number;
  readonly question: Question;
}

/** What it gets; `fault`: why it could not be answered. */
export type Answered =
  | { readonly id: number; readonly examination: Examination }
  | { readonly id: number; readonly fault: string };

addEventListener('message', ({ data }: MessageEvent<Asked>) => {
  postMessage(answer(data));
});

function answer({ id, question }: Asked): Answered {
  try {
    return { id, examination: examine(question) };
  } catch (error) {
    return { id, fault: error instanceof Error ? error.message : String(error) };
  }
}
