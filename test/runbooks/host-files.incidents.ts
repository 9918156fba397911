import { expect } from 'vitest';
import type { TestHost } from '#kit';
import type { Incident } from './incident.js';
import { bundleDigest, type RunbookFleet } from './runbook-fleet.js';

const STATE = '/var/lib/windlass';
const WHILE = { timeout: 60_000, interval: 100 };

/** A file system of its own for what Windlass keeps there, small enough to be filled. */
export function ownStateFolder(host: TestHost): void {
  host.exec(`mount -t tmpfs -o size=4m,mode=755 tmpfs ${STATE}`);
}

const inState = ({ host, fleetId }: RunbookFleet, command: string) =>
  host.exec(`mkdir -p ${STATE}/${fleetId} && cd ${STATE}/${fleetId} && ${command}`);

/** Nothing happens to it. */
const wellOne = ({ served }: RunbookFleet) => served.hosts[0] ?? expect.fail('there is one host only');

export const INCIDENTS: readonly Incident[] = [
  {
    ...{ code: 'host.path-missing', when: 'somebody removes the folder of the bundle', moment: 'confirm' },
    strike: ({ host }) => host.exec('rm -r /etc/nginx/trust'),
    words: ({ blocked }) => ({ DIGEST: blocked.generations.overlap.digest }),
  },
  {
    ...{ code: 'host.digest-mismatch', when: 'the copies of bundles are damaged', moment: 'revert' },
    strike: (on) => inState(on, 'for copy in generations/*; do echo damaged > "$copy"; done'),
    mend: ({ on }) => expect.poll(() => bundleDigest(wellOne(on)), WHILE).not.toBe(bundleDigest(on.host)),
    words: ({ on }) => ({ OTHER_HOST: wellOne(on).name, DIGEST: bundleDigest(wellOne(on)) }),
  },
  {
    ...{ code: 'host.no-permission', when: 'the file system goes read-only', moment: 'distrust' },
    strike: ({ host }) => host.exec(`mount -o remount,ro ${STATE}`),
    words: () => ({ MOUNT_POINT: STATE }),
  },
  {
    ...{ code: 'host.disk-full', when: 'something fills the disk', moment: 'distrust' },
    strike: ({ host }) => host.exec(`head -c 8m /dev/zero > ${STATE}/core 2>/dev/null || true`),
    mend: ({ on }) => on.host.exec(`rm ${STATE}/core`),
  },
  {
    ...{ code: 'host.busy', when: 'something holds the lock', moment: 'distrust' },
    strike: (on) => inState(on, 'setsid flock -o lock sleep 600 </dev/null >/dev/null 2>&1 &'),
    words: ({ on: { host } }) => ({
      PID: host.exec('lslocks -n -o PID,COMMAND | awk \'$2 == "flock" { print $1 }\'').trim(),
    }),
  },
  {
    ...{ code: 'host.script-failed', when: 'a file lies where its folder must be', moment: 'distrust' },
    strike: (on) => inState(on, 'cd .. && mv "$OLDPWD" aside && touch "$OLDPWD"'),
    mend: ({ on: { host, fleetId } }) => host.exec(`cd ${STATE} && rm ${fleetId} && mv aside ${fleetId}`),
  },
];
