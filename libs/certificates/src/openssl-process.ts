import { execFile } from 'node:child_process';
import { type OpensslAnswer, PortError } from '#engine';

/** More than `openssl verify` ever says about a chain. */
const MAX_OUTPUT_BYTES = 1024 * 1024;

/**
 * Runs `openssl` to its end, whatever its exit code. Nothing of our own environment reaches it, so no
 * OPENSSL_CONF or SSL_CERT_FILE can add trust that nginx has not. Throws PortError `verifier.unavailable` when
 * it cannot be started, and (transient) when it takes longer than `timeoutMilliseconds`.
 */
export function runOpenssl(
  binary: string,
  args: readonly string[],
  timeoutMilliseconds: number,
): Promise<OpensslAnswer> {
  const env = { PATH: process.env.PATH ?? '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C' };
  const options = {
    env,
    timeout: timeoutMilliseconds,
    killSignal: 'SIGKILL',
    maxBuffer: MAX_OUTPUT_BYTES,
  } as const;
  return new Promise((resolve, reject) => {
    const child = execFile(binary, args, options, (error, stdout, stderr) => {
      if (error === null) resolve({ exitCode: 0, stdout, stderr });
      else if (error.killed === true) reject(tooSlow(binary, timeoutMilliseconds));
      else if (typeof error.code === 'number') resolve({ exitCode: error.code, stdout, stderr });
      else reject(notStarted(binary, error));
    });
    // An end of input at once: openssl must never wait for a pass phrase.
    child.stdin?.end();
  });
}

function tooSlow(binary: string, timeoutMilliseconds: number): PortError {
  return new PortError(
    {
      code: 'verifier.unavailable',
      message: `${binary} verify took longer than ${timeoutMilliseconds} ms`,
      nextStep: 'look at the load of the machine that runs Windlass, then retry',
    },
    { transient: true },
  );
}

function notStarted(binary: string, cause: Error): PortError {
  return new PortError(
    {
      code: 'verifier.unavailable',
      message: `${binary} could not be run, so no client chain can be judged`,
      nextStep: 'install OpenSSL 3 on the machine that runs Windlass, or correct the path of the binary',
      detail: cause.message,
    },
    { cause },
  );
}
