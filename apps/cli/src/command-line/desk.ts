import type { Writers } from '../print-command.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Standard output, as far as a person looks on. */
export interface Screen {
  /** Whether a person looks on, and what is written may be written over. */
  readonly live: boolean;
  readonly colour: boolean;
  /** Before the first redraw. */
  open(): Promise<void>;
  /** Writes in place of what was written before, as much as there is room for. */
  redraw(text: string): void;
  /** Takes away what was drawn. */
  clear(): void;
  print(line: string): void;
  now(): number;
  sleep(milliseconds: number): Promise<void>;
}

/** Whoever sits at the terminal. */
export interface Person {
  /** Whether there is somebody to ask. */
  readonly present: boolean;
  /** The answer, without blanks at its ends; empty where there is none. */
  ask(question: string): Promise<string>;
}

/** What a command has at hand. */
export interface Desk extends Writers {
  readonly env: Environment;
  readonly screen: Screen;
  readonly person: Person;
  /** Says what is waited for, from a second on. */
  readonly waitingFor: (what: string) => void;
}
