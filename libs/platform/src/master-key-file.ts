import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { PortError } from '#engine';
import { MASTER_KEY_BYTES, MasterKey } from './master-key.js';

/**
 * The key in `file`, or null where there is no such file. Throws PortError `secret.bad-master-key`,
 * `secret.exposed-master-key` when others may read it, and `secret.no-master-key` when we may not.
 */
export async function readMasterKey(file: string): Promise<MasterKey | null> {
  const text = await readIfThere(file).catch((error: Error) => Promise.reject(unavailable(file, error)));
  if (text === null) return null;
  const { mode, uid } = await stat(file);
  // As PostgreSQL has it for its private keys: what root hands to a group is how orchestrators mount secrets.
  if ((mode & (uid === 0 ? 0o037 : 0o077)) !== 0) throw exposed(file);
  return new MasterKey(text, file);
}

/**
 * Makes a key in `file`, mode 0600, whole or not at all; false where there is a file already. Throws PortError
 * `secret.no-master-key` when we may not write it.
 */
export async function generateMasterKey(file: string): Promise<boolean> {
  try {
    return await generate(file);
  } catch (error) {
    throw unavailable(file, error as Error);
  }
}

async function readIfThere(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

/** Of two processes that start together one makes the key, both read it. */
async function generate(file: string): Promise<boolean> {
  await mkdir(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  const text = `${randomBytes(MASTER_KEY_BYTES).toString('base64')}\n`;
  await writeFile(draft, text, { mode: 0o600, flush: true });
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    return false;
  } finally {
    await rm(draft, { force: true });
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

function unavailable(file: string, { message }: Error): PortError {
  return new PortError({
    code: 'secret.no-master-key',
    message: `The master key in ${file} can be neither read nor made.`,
    nextStep: `Let this user read and write in ${dirname(file)}, name another file in WINDLASS_MASTER_KEY_FILE (or another folder in WINDLASS_DATA_DIR), or set WINDLASS_MASTER_KEY.`,
    detail: message,
  });
}

function exposed(file: string): PortError {
  return new PortError({
    code: 'secret.exposed-master-key',
    message: `Other users may read the master key in ${file}.`,
    nextStep: `Close it with: chmod 600 ${file}, and think about who may have read it.`,
  });
}
