import { setTimeout as sleep } from 'node:timers/promises';
import type { TestHost } from '#kit';
import { crlOf } from '../fleet/installation.js';
import type { Incident, Scene } from './incident.js';
import type { RunbookFleet } from './runbook-fleet.js';

export const NGINX = '/etc/nginx/sbin/nginx';
export const SECOND_PATH = '/etc/nginx/trust/partners.pem';
const SITE = 'etc/nginx/conf.d/site.conf';

/** An nginx that can be taken away from this host alone, and a second server with a bundle of its own. */
export function ownNginx(host: TestHost): void {
  host.exec(`mkdir /etc/nginx/sbin && cp "$(command -v nginx)" ${NGINX}`);
  host.exec(`cp ${host.managedPath} ${SECOND_PATH}`);
  const site = host.readFile(SITE);
  const second = site.replace(host.managedPath, SECOND_PATH).replace('edge.test', 'partners.test');
  host.writeFile(SITE, `${site}\n${second}`);
  host.restartNginx();
}

let site = '';

/** Somebody's edit, later than any second in which a worker was started: three roundings, and the moment of both. */
async function edit({ host }: RunbookFleet, change: (text: string) => string): Promise<void> {
  await sleep(3_100);
  site = host.readFile(SITE);
  host.writeFile(SITE, change(site));
}

const takeBack = ({ on: { host } }: Scene) => host.writeFile(SITE, site);

let freePort: () => Promise<void> = async () => undefined;

export const INCIDENTS: readonly Incident[] = [
  {
    ...{ code: 'host.torn', when: 'somebody edits one of two bundles', moment: 'distrust' },
    strike: ({ host }) => host.exec(`echo '# edited' >> ${SECOND_PATH}`),
    words: ({ on }) => ({ GOOD_FILE: on.host.managedPath, OTHER_FILE: SECOND_PATH }),
  },
  {
    ...{ code: 'host.no-nginx', when: 'the package of nginx is removed', moment: 'distrust' },
    strike: ({ host }) => host.exec(`mv ${NGINX} ${NGINX}.removed`),
    mend: ({ on }) => on.host.exec(`mv ${NGINX}.removed ${NGINX}`),
    words: () => ({ NGINX }),
  },
  {
    ...{ code: 'host.nginx-not-running', when: 'nginx is stopped', moment: 'distrust' },
    strike: ({ host }) => host.exec('nginx -s stop; while pgrep -x nginx >/dev/null; do sleep 0.05; done'),
    // A host of tests has no systemd.
    instead: ({ on: { host } }) => ({ 'systemctl start nginx': () => host.exec('nginx') }),
  },
  {
    ...{ code: 'host.config-test-failed', when: 'somebody breaks the configuration', moment: 'distrust' },
    strike: (on) => edit(on, (text) => `${text}\nservre { }\n`),
    mend: takeBack,
  },
  {
    ...{ code: 'host.pending-edit', when: 'somebody edits the configuration', moment: 'distrust' },
    strike: (on) => edit(on, (text) => `${text}\n# edited\n`),
  },
  {
    ...{ code: 'host.trust-file-unread', when: 'a trusted file has an odd name', moment: 'distrust' },
    strike: async (on) => {
      on.host.exec(`cp ${on.host.managedPath} '/etc/nginx/tls/part;ners.pem'`);
      await edit(on, (text) =>
        text.replace(
          'ssl_verify_depth',
          'ssl_trusted_certificate "/etc/nginx/tls/part;ners.pem"; ssl_verify_depth',
        ),
      );
      on.host.exec('nginx -s reload');
    },
    mend: takeBack,
  },
  {
    ...{ code: 'nginx.path-unused', when: 'a server takes its CAs from elsewhere', moment: 'distrust' },
    strike: async (on) => {
      on.host.exec(`cp ${SECOND_PATH} /etc/nginx/tls/elsewhere.pem`);
      await edit(on, (text) => text.replace(SECOND_PATH, '/etc/nginx/tls/elsewhere.pem'));
      on.host.exec('nginx -s reload');
    },
    mend: takeBack,
  },
  {
    ...{ code: 'nginx.path-not-loaded', when: 'a server asks nobody for a certificate', moment: 'distrust' },
    strike: async (on) => {
      await edit(on, (text) => {
        const at = text.lastIndexOf('ssl_verify_client on');
        return `${text.slice(0, at)}ssl_verify_client off${text.slice(at + 'ssl_verify_client on'.length)}`;
      });
      on.host.exec('nginx -s reload');
    },
    mend: takeBack,
  },
  {
    ...{ code: 'nginx.crl-not-managed', when: 'a server gets a CRL of its own', moment: 'distrust' },
    strike: async (on) => {
      on.host.writeFile('etc/nginx/tls/crl.pem', await crlOf(on.served.vault));
      await edit(on, (text) =>
        text.replace('ssl_verify_depth', 'ssl_crl /etc/nginx/tls/crl.pem; ssl_verify_depth'),
      );
      on.host.exec('nginx -s reload');
    },
    mend: takeBack,
  },
  {
    ...{ code: 'host.clock-behind', when: 'its clock is an hour behind', moment: 'distrust' },
    // The hosts of a test share the machine's clock: this one's `date` tells another.
    strike: ({ host }) => {
      host.exec('cp /usr/bin/date /run/right-date');
      host.writeFile('run/date', '#!/bin/sh\nexec /run/right-date -d "-1 hour" "$@"\n');
      host.exec('chmod 755 /run/date && mount --bind /run/date /usr/bin/date');
    },
    instead: ({ on: { host } }) => ({
      'timedatectl set-ntp true': () => host.exec('umount /usr/bin/date'),
    }),
  },
  {
    ...{ code: 'host.reload-not-live', when: 'nginx cannot bind a port', moment: 'distrust' },
    strike: async ({ host }) => {
      freePort = await host.occupyPort();
    },
    mend: () => freePort(),
  },
];
