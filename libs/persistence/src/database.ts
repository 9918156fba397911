import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import { QueryFailedError } from 'typeorm';
import { codeOf, isConnectionLoss, toDatabaseProblem } from './database-problem.js';

/** Pauses in milliseconds before a transaction is tried again whose connection was lost: 3 s in all. */
const SETTLE_PAUSES_MS = [20, 80, 250, 650, 2000];
/** Deadlock and serialization failure: PostgreSQL rolled the transaction back and asks to repeat it. */
const REPEAT = new Set(['40P01', '40001']);
const REPEATS = 5;

type IsolationLevel = 'READ COMMITTED' | 'REPEATABLE READ';

/** A statement failed for a reason that no port names: a defect of ours. Statement and parameters stay out of it. */
export class DatabaseFailure extends Error {
  constructor(
    message: string,
    /** SQLSTATE. */
    readonly code: string | undefined,
    /** Name of the violated constraint. */
    readonly constraint: string | undefined,
  ) {
    super(message);
    this.name = 'DatabaseFailure';
  }
}

/** The statements of one transaction. */
export class Session {
  constructor(private readonly runner: QueryRunner) {}

  get manager(): EntityManager {
    return this.runner.manager;
  }

  /** Rows of a SELECT, or of what RETURNING gives. */
  async rows<Row>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    const result = await this.runner.query(sql, [...parameters], true);
    return result.records as Row[];
  }

  /** Number of rows that a write touched. */
  async count(sql: string, parameters: readonly unknown[] = []): Promise<number> {
    const result = await this.runner.query(sql, [...parameters], true);
    return result.affected ?? 0;
  }
}

/** Transactions on the pool, with errors as ports report them. */
export class Database {
  constructor(private readonly dataSource: DataSource) {}

  /** With the password in it. */
  get url(): string {
    const { options } = this.dataSource;
    return 'url' in options && typeof options.url === 'string' ? options.url : '';
  }

  /**
   * All or nothing; the whole of `work` again after a deadlock. Throws PortError `database.unreachable`
   * (transient), and then whether it took effect is unknown.
   */
  async transaction<T>(work: (session: Session) => Promise<T>, isolation?: IsolationLevel): Promise<T> {
    try {
      return await this.attempt(work, isolation);
    } catch (error) {
      throw this.translate(error);
    }
  }

  /** Reads that belong together: all see the database as it was at the first of them. */
  snapshot<T>(work: (session: Session) => Promise<T>): Promise<T> {
    return this.transaction(work, 'REPEATABLE READ');
  }

  /** One statement, or several that need not belong together. Same errors as {@link transaction}. */
  async statement<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const runner = this.dataSource.createQueryRunner();
    try {
      return await work(new Session(runner));
    } catch (error) {
      throw this.translate(error);
    } finally {
      await runner.release();
    }
  }

  /**
   * As {@link transaction}, and again when the connection was lost, even while COMMIT was under way. So `work`
   * must begin by locking a row that it also locked before, which waits for what is left of the lost
   * transaction, and then recognise its own traces.
   */
  async settle<T>(work: (session: Session) => Promise<T>): Promise<T> {
    for (const pause of SETTLE_PAUSES_MS) {
      try {
        return await this.attempt(work);
      } catch (error) {
        if (!isConnectionLoss(error)) throw this.translate(error);
        await sleep(pause);
      }
    }
    return this.transaction(work);
  }

  private async attempt<T>(work: (session: Session) => Promise<T>, isolation?: IsolationLevel): Promise<T> {
    for (let repeat = 1; ; repeat += 1) {
      const runner = this.dataSource.createQueryRunner();
      try {
        await runner.startTransaction(isolation);
        const result = await work(new Session(runner));
        await runner.commitTransaction();
        return result;
      } catch (error) {
        await runner.rollbackTransaction().catch(() => {});
        if (repeat >= REPEATS || !REPEAT.has(codeOf(error) ?? '')) throw error;
      } finally {
        await runner.release();
      }
    }
  }

  private translate(error: unknown): unknown {
    const problem = toDatabaseProblem(error, this.url);
    if (!(problem instanceof QueryFailedError)) return problem;
    const { constraint } = problem.driverError as { constraint?: string };
    return new DatabaseFailure(problem.message, codeOf(problem), constraint);
  }
}

/** True when a write broke the constraint of that name. */
export function violates(error: unknown, constraint: string): boolean {
  if (error instanceof DatabaseFailure) return error.constraint === constraint;
  return (
    error instanceof QueryFailedError &&
    (error.driverError as { constraint?: string }).constraint === constraint
  );
}
