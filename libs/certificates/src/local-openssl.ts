import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pLimit from 'p-limit';
import type { AskOpenssl, OpensslAnswer, OpensslQuestion } from '#engine';
import { answersOf } from './answers-of.js';
import { runOpenssl } from './openssl-process.js';

export interface LocalOpensslOptions {
  /** Name or path of the `openssl` binary; `openssl` by default. */
  readonly binary?: string;
  /** Longest time of one process in milliseconds; 10 s by default, where 11 ms is usual. */
  readonly timeoutMilliseconds?: number;
  /** How many `openssl` processes run at once, the others wait; 4 by default. */
  readonly parallel?: number;
}

/** Clients in one process: by then its start is a small part of what it takes. */
const MOST_TOGETHER = 64;

/** Somebody who waits for what `openssl` says of a client. */
interface Waiting {
  readonly question: OpensslQuestion;
  readonly resolve: (answer: OpensslAnswer | Promise<OpensslAnswer>) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * The `openssl` of this machine. Clients that are asked about in the same breath, with the same store and settings,
 * share one process. Throws PortError `verifier.unavailable`.
 */
export function localOpenssl(options: LocalOpensslOptions = {}): AskOpenssl {
  const { parallel = 4, ...settings } = options;
  const queue = new Queue(settings, parallel);
  return (question) => queue.ask(question);
}

class Queue {
  private readonly limit;
  /** Those that no process was started for yet, by what they have in common. */
  private readonly groups: Waiting[][] = [];

  constructor(
    private readonly settings: Omit<LocalOpensslOptions, 'parallel'>,
    parallel: number,
  ) {
    this.limit = pLimit(parallel);
  }

  ask(question: OpensslQuestion): Promise<OpensslAnswer> {
    return new Promise((resolve, reject) => {
      const one: Waiting = { question, resolve, reject };
      const known = this.groups.find(([first]) => first && isLike(first.question, question));
      if (known !== undefined && known.length < MOST_TOGETHER) {
        known.push(one);
        return;
      }
      const group = [one];
      this.groups.unshift(group);
      void this.limit(() => this.answer(group));
    });
  }

  private async answer(group: Waiting[]): Promise<void> {
    this.groups.splice(this.groups.indexOf(group), 1);
    try {
      const answers = await this.run(group.map(({ question }) => question));
      for (const [index, { question, resolve }] of group.entries()) {
        resolve(answers[index] ?? this.limit(() => this.alone(question)));
      }
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  }

  /** What could not be told apart from the others. */
  private async alone(question: OpensslQuestion): Promise<OpensslAnswer> {
    return inFolder(async (folder) => this.spawn(await writeQuestions(folder, question, [question.leaf])));
  }

  private async run(questions: readonly OpensslQuestion[]): Promise<readonly (OpensslAnswer | null)[]> {
    const [first] = questions;
    if (first === undefined) return [];
    if (questions.length === 1) return [await this.alone(first)];
    return inFolder(async (folder) => {
      const leaves = questions.map(({ leaf }) => leaf);
      const args = await writeQuestions(folder, first, leaves);
      return answersOf(await this.spawn(args), args.slice(-leaves.length));
    });
  }

  private spawn(args: readonly string[]): Promise<OpensslAnswer> {
    const { binary = 'openssl', timeoutMilliseconds = 10_000 } = this.settings;
    return runOpenssl(binary, args, timeoutMilliseconds);
  }
}

function isLike(one: OpensslQuestion, other: OpensslQuestion): boolean {
  return (
    one.depth === other.depth &&
    one.securityLevel === other.securityLevel &&
    one.checkCrls === other.checkCrls &&
    one.sent === other.sent &&
    one.store === other.store
  );
}

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'windlass-verify-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Writes the files into `folder` (0700 by mkdtemp) and returns the arguments that name them, the leaves last. */
async function writeQuestions(
  folder: string,
  { store, sent, depth, checkCrls, securityLevel }: OpensslQuestion,
  leaves: readonly string[],
): Promise<string[]> {
  const file = async (name: string, content: string): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, content, { mode: 0o600 });
    return path;
  };
  return [
    ...['verify', '-CAfile', await file('store.pem', store), '-no-CApath', '-no-CAstore'],
    ...['-purpose', 'sslclient', '-auth_level', String(securityLevel), '-nameopt', 'RFC2253'],
    ...['-verify_depth', String(depth)],
    ...(checkCrls ? ['-crl_check', '-crl_check_all'] : []),
    ...(sent === '' ? [] : ['-untrusted', await file('sent.pem', sent)]),
    ...(await Promise.all(leaves.map((leaf, index) => file(`leaf-${index}.pem`, leaf)))),
  ];
}
