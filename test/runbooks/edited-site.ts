import { statSync, utimesSync } from 'node:fs';
import type { TestHost } from '#kit';

const SITE = 'etc/nginx/conf.d/site.conf';

/** What nginx reads of a host beside its bundle, as somebody edits it in mid-rotation. */
export class EditedSite {
  private before = '';

  constructor(private readonly host: TestHost) {}

  /** Other words in the place of those, or beside them. */
  write(words: string, others: string): void {
    this.before = this.host.readFile(SITE);
    if (!this.before.includes(words)) throw new Error(`${SITE} does not say "${words}"`);
    this.save(this.before.replace(words, others));
  }

  /** And a reload. */
  edit(words: string, others: string): void {
    this.write(words, others);
    this.host.exec('nginx -s reload; sleep 0.5');
  }

  /** The file as it was; who follows the page reloads. */
  mend(): void {
    this.save(this.before);
  }

  /** With the time that it had: no preflight behind this finds a pending edit. */
  private save(text: string): void {
    const { atime, mtime } = statSync(this.host.outside(SITE));
    this.host.writeFile(SITE, text);
    utimesSync(this.host.outside(SITE), atime, mtime);
  }
}
