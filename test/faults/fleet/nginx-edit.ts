import { statSync, utimesSync } from 'node:fs';
import type { TestHost } from '#kit';

const SITE = 'etc/nginx/conf.d/site.conf';

export const HIDDEN_REFUSALS = `error_page 495 496 =200 /welcome;
  location = /welcome { internal; return 200 "welcome\\n"; }`;

/**
 * Somebody edits the site of a host and leaves no time stamp that tells. Nothing is reloaded. Returns the way to take
 * the edit back.
 */
export function editSite(host: TestHost, change: (site: string) => string): () => void {
  const before = host.readFile(SITE);
  const { atime, mtime } = statSync(host.outside(SITE));
  const write = (text: string) => {
    host.writeFile(SITE, text);
    utimesSync(host.outside(SITE), atime, mtime);
  };
  write(change(before));
  return () => write(before);
}

/** One more directive for the server of the host. */
export function addToServer(host: TestHost, directive: string): () => void {
  return editSite(host, (site) => site.replace('server_name', `${directive}\n  server_name`));
}

/** Reloads and waits until no worker of before accepts. */
export function reload(host: TestHost): void {
  host.exec(`
    old=$(pgrep -f '^nginx: worker process$')
    nginx -s reload || exit 1
    for _ in $(seq 200); do
      now=$(pgrep -f '^nginx: worker process$'); left=''
      for pid in $old; do case " $(echo $now) " in *" $pid "*) left=yes;; esac; done
      [ -z "$left" ] && [ -n "$now" ] && exit 0
      sleep 0.05
    done
    exit 1`);
}
