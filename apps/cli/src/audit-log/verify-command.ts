import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { AuditHead, ChainFault } from '#audit-chain';
import { ChainCheck, readExportLine } from '#audit-chain';
import { PortError } from '#engine';
import type { Writers } from '../print-command.js';
import { VERIFY_USAGE, verifyOptions } from './options.js';

interface Verdict {
  readonly head: AuditHead;
  readonly fault: Pick<ChainFault, 'number' | 'message'> | null;
  /** Journals that were held against their digests; null where there are none to hold. */
  readonly journals: number | null;
}

/** Returns the exit code: 0 when the log is as it was written, 1 when it could not be read, 2 when it is another. */
export async function verifyCommand(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  writers: Writers,
): Promise<number> {
  try {
    const options = verifyOptions(args);
    if (options === null) {
      writers.print(VERIFY_USAGE);
      return 0;
    }
    const { file, expected } = options;
    return told(file === null ? await database(env, expected) : await exported(file, expected), writers);
  } catch (error) {
    writers.complain(`windlass audit verify: ${wordsOf(error)}`);
    return 1;
  }
}

function told({ head, fault, journals }: Verdict, { print, complain }: Writers): number {
  const { count, hash } = head;
  if (fault) {
    complain(`windlass audit verify: entry ${fault.number} is at fault: ${fault.message}.`);
    complain(
      'Next: keep the database as it is, and find out who could write to it; backups show what was there.',
    );
    return 2;
  }
  const beside =
    journals === null ? '' : `, and so ${journals === 1 ? 'is 1 journal' : `are ${journals} journals`}`;
  print(`${count === 1 ? '1 entry' : `${count} entries`}, as they were written${beside}`);
  print(`${count}:${hash}`);
  return 0;
}

async function exported(file: string, expected: AuditHead | null): Promise<Verdict> {
  const check = new ChainCheck(expected);
  const input = file === '-' ? process.stdin : createReadStream(file);
  let line = 0;
  // An error of the stream ends the lines without a word.
  const broken = new Promise<never>((_, reject) => void input.once('error', reject));
  const read = async () => {
    for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      line += 1;
      if (text !== '') check.take(entryAt(line, text));
    }
  };
  await Promise.race([read(), broken]);
  return { ...check.end(null), journals: null };
}

function entryAt(line: number, text: string) {
  try {
    return readExportLine(text);
  } catch (error) {
    throw new RangeError(`line ${line} is no entry of an audit log: ${wordsOf(error)}`);
  }
}

/** The database's parts are loaded where they are needed: they take longer than all of the rest. */
async function database(
  env: Readonly<Record<string, string | undefined>>,
  expected: AuditHead | null,
): Promise<Verdict> {
  const url = env.DATABASE_URL ?? '';
  if (url === '')
    throw new RangeError('no file is named, and DATABASE_URL is not set: set it, or name an export');
  const { openDataSource, verifyAudit } = await import('#persistence');
  const dataSource = await openDataSource(url, { applicationName: 'windlass audit verify', poolSize: 1 });
  try {
    return await verifyAudit(dataSource, expected);
  } finally {
    await dataSource.destroy();
  }
}

function wordsOf(error: unknown): string {
  if (error instanceof PortError) return `${error.problem.message}\nNext: ${error.problem.nextStep}`;
  return error instanceof Error ? error.message : String(error);
}
