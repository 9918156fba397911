import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { inspect } from 'node:util';
import { PortError, type Secret } from '#engine';

const KEY_BYTES = 32;

/** 32 bytes that print and serialise as nothing. */
export class MasterKey {
  readonly #bytes: Buffer;

  /** Throws PortError `secret.bad-master-key`; `origin` is shown to people. */
  constructor(base64: string, origin: string) {
    this.#bytes = Buffer.from(base64.trim(), 'base64');
    if (this.#bytes.length !== KEY_BYTES) throw badKey(origin);
  }

  /** For the cipher alone. */
  get bytes(): Buffer {
    return this.#bytes;
  }

  toJSON(): string {
    return '[secret]';
  }

  [inspect.custom](): string {
    return '[secret]';
  }
}

/**
 * The given key, else the one in `file`, which is made with mode 0600 when it is missing. Throws PortError
 * `secret.bad-master-key`, `secret.exposed-master-key` when others may read the file, and
 * `secret.no-master-key` when we may not read or make it.
 */
export async function loadMasterKey(given: Secret | null, file: string): Promise<MasterKey> {
  if (given !== null) return new MasterKey(given.reveal(), 'WINDLASS_MASTER_KEY');
  const text = await readOrGenerate(file).catch((error: Error) => Promise.reject(unavailable(file, error)));
  const { mode } = await stat(file);
  if ((mode & 0o077) !== 0) throw exposed(file);
  return new MasterKey(text, file);
}

async function readOrGenerate(file: string): Promise<string> {
  return (await readIfThere(file)) ?? (await generate(file));
}

async function readIfThere(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

/** Whole or not at all, and once: of two processes that start together one makes the key, both read it. */
async function generate(file: string): Promise<string> {
  await mkdir(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  await writeFile(draft, `${randomBytes(KEY_BYTES).toString('base64')}\n`, { mode: 0o600, flush: true });
  try {
    await link(draft, file);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    await rm(draft, { force: true });
  }
  return readFile(file, 'utf8');
}

function unavailable(file: string, { message }: Error): PortError {
  return new PortError({
    code: 'secret.no-master-key',
    message: `The master key in ${file} can be neither read nor made.`,
    nextStep: `Let this user write ${dirname(file)}, name another folder in WINDLASS_DATA_DIR, or set WINDLASS_MASTER_KEY.`,
    detail: message,
  });
}

function badKey(origin: string): PortError {
  return new PortError({
    code: 'secret.bad-master-key',
    message: `The master key in ${origin} is not ${KEY_BYTES} bytes in base64.`,
    nextStep:
      'Make one with: openssl rand -base64 32. What was sealed with a lost key must be entered again.',
  });
}

function exposed(file: string): PortError {
  return new PortError({
    code: 'secret.exposed-master-key',
    message: `Other users may read the master key in ${file}.`,
    nextStep: `Close it with: chmod 600 ${file}, and think about who may have read it.`,
  });
}
