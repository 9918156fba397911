import { execFile } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { parseNginxDump, type TrustContext, trustContexts } from '#nginx-audit';

/** What nginx on this machine says of a configuration. */
export interface ConfigReading {
  readonly nginxVersion: string;
  /** The output of `nginx -t` with the bundle in place when it fails, else null. */
  readonly complaint: string | null;
  /** Why the bundle was not put in place for the test, else null. */
  readonly notTried: string | null;
  /** Servers that ask clients for a certificate. */
  readonly servers: readonly TrustContext[];
}

/** Throws RangeError when nginx or the configuration cannot be read. */
export async function readConfig(nginx: string, config: string, bundle: string): Promise<ConfigReading> {
  const version = /nginx\/(\S+)/.exec((await run(nginx, ['-v'])).output)?.[1];
  if (version === undefined) throw new RangeError(`${nginx} is no nginx: name it with --nginx`);
  const dump = await run(nginx, ['-T', '-q', '-c', realPath(config)]);
  if (dump.code !== 0) throw new RangeError(`${config} fails nginx -t as it is: ${dump.output.trim()}`);
  const servers = trustContexts(parseNginxDump(dump.output)).filter(
    ({ verifyClient }) => verifyClient !== 'off',
  );
  if (servers.length === 0) throw new RangeError(`${config} has no server with ssl_verify_client`);
  const live = [...new Set(servers.flatMap(({ clientCertificate }) => clientCertificate ?? []))].map(
    realPath,
  );
  return { nginxVersion: version, servers, ...(await tryBundle(nginx, config, realPath(bundle), live)) };
}

/** In a mount namespace of its own, so that nobody else ever sees the bundle in the place of the live ones. */
async function tryBundle(
  nginx: string,
  config: string,
  bundle: string,
  live: readonly string[],
): Promise<Pick<ConfigReading, 'complaint' | 'notTried'>> {
  const others = live.filter((path) => path !== bundle);
  if (others.length > 0 && process.getuid?.() !== 0) {
    return {
      complaint: null,
      notTried: 'only root can try a bundle in the place of the live one: run it with sudo',
    };
  }
  const script =
    'bundle=$1 nginx=$2 config=$3; shift 3; for live; do mount --bind "$bundle" "$live" || exit 70; done; exec "$nginx" -t -q -c "$config"';
  const words = ['windlass', bundle, nginx, realPath(config), ...others];
  const tested =
    others.length === 0
      ? await run(nginx, ['-t', '-q', '-c', realPath(config)])
      : await run('unshare', ['-m', '--propagation', 'private', '/bin/sh', '-c', script, ...words]);
  if (tested.code === 70) return { complaint: null, notTried: tested.output.trim() };
  return { complaint: tested.code === 0 ? null : tested.output.trim(), notTried: null };
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    throw new RangeError(`${path} cannot be read: is it there?`);
  }
}

interface Ended {
  readonly code: number;
  readonly output: string;
}

function run(command: string, args: readonly string[]): Promise<Ended> {
  return new Promise((resolve, reject) => {
    execFile(command, [...args], { timeout: 30_000, maxBuffer: 64 << 20 }, (error, stdout, stderr) => {
      if (error && typeof error.code !== 'number')
        reject(new RangeError(`${command} could not be run: ${error.message}`));
      else resolve({ code: error ? Number(error.code) : 0, output: stdout + stderr });
    });
  });
}
