import { type BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { PortError, Wakeups } from '#engine';

/** Milliseconds that each of them has to answer. */
const PATIENCE_MS = 3_000;

/** Something that the API needs, and why it cannot be used; null where it can. */
export interface Dependency {
  readonly name: 'database' | 'queue';
  readonly why: string | null;
}

/** Whether this process can serve now, and whether it means to go on. */
@Injectable()
export class Readiness implements BeforeApplicationShutdown {
  private stopping = false;

  constructor(
    @Inject(getDataSourceToken()) private readonly dataSource: DataSource,
    @Inject(Wakeups) private readonly wakeups: Wakeups,
  ) {}

  /** From now on whoever asks is told to send nobody here any more; what comes is served. */
  drain(): void {
    this.stopping = true;
  }

  /** Also where nobody said so before. */
  beforeApplicationShutdown(): void {
    this.drain();
  }

  get draining(): boolean {
    return this.stopping;
  }

  /** Asks all of them at once. */
  dependencies(): Promise<readonly Dependency[]> {
    return Promise.all([
      inTime('database', () => this.dataSource.query('SELECT 1')),
      inTime('queue', () => this.wakeups.answers()),
    ]);
  }
}

async function inTime(name: Dependency['name'], ask: () => Promise<unknown>): Promise<Dependency> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`it did not answer within ${PATIENCE_MS / 1000} s`), PATIENCE_MS);
  });
  const answer = ask().then(
    () => null,
    (error: unknown) => whyNot(error),
  );
  return { name, why: await Promise.race([answer, late]).finally(() => clearTimeout(timer)) };
}

/** Nothing that a driver says: strangers may ask, and it may hold addresses. */
function whyNot(error: unknown): string {
  const code = error instanceof PortError ? error.problem.detail : codeOf(error);
  return `it does not answer${typeof code === 'string' ? ` (${code})` : ''}`;
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
