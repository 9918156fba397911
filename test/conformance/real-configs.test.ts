import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  auditConfig,
  type DumpedFile,
  fixConfig,
  parseFile,
  parseIncludeTree,
  printFile,
  readConfigText,
  sourceOf,
  writeConfigText,
} from '#nginx-audit';

const HERE = 'test/conformance/real-configs';
const FINDINGS = `${HERE}/findings.txt`;
/** The files that nginx would be started with, or that stand for themselves. */
const MAINS = [
  ...['debian/nginx.conf', 'debian/sites-available/default', 'debian-examples/nginx.conf'],
  ...['http', 'mail', 'wordpress', 'mailman', 'virtual_hosts', 'drupal'].map(
    (name) => `debian-examples/${name}`,
  ),
  ...['nginx.conf', 'server.conf', 'foo.conf', 'broken.conf', 'edge_cases.conf'].map(
    (name) => `certbot/${name}`,
  ),
  ...['multiline_quotes', 'minimalistic_comments', 'comment_in_file'].map((name) => `certbot/${name}.conf`),
  ...['valid_unicode_comments', 'invalid_unicode_comments'].map((name) => `certbot/${name}.conf`),
  'certbot/ubuntu_nginx_1_4_6/default_vhost/nginx/nginx.conf',
];

const everyFile = readdirSync(HERE, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && !/^(README\.md|findings\.txt)$/.test(entry.name))
  .map((entry) => path.relative(HERE, path.join(entry.parentPath, entry.name)));

/** All files of the folder that a main file stands in, as if that were `/etc/nginx`. */
function tree(main: string): { main: string; files: DumpedFile[] } {
  const folder = path.dirname(main);
  const files = everyFile
    .filter((name) => name.startsWith(`${folder}/`))
    .map((name) => ({
      path: `/etc/nginx/${path.relative(folder, name)}`,
      content: readConfigText(readFileSync(path.join(HERE, name))).text,
    }));
  return { main: `/etc/nginx/${path.basename(main)}`, files };
}

/** One line a finding: where, how severe, which rule. */
function said(name: string): string {
  const { main, files } = tree(name);
  const findings = auditConfig(parseIncludeTree(main, sourceOf(files)));
  const lines = findings.map(
    ({ file, line, column, severity, rule }) =>
      `  ${file.replace('/etc/nginx/', '')}:${line}:${column} ${severity} ${rule}`,
  );
  return [`${name}: ${findings.length}`, ...lines].join('\n');
}

describe('configurations of others', () => {
  it('are said of what was said before', () => {
    const now = `${MAINS.map(said).join('\n')}\n`;
    if (process.env.WRITE_FINDINGS === '1') writeFileSync(FINDINGS, now);
    expect(now).toBe(readFileSync(FINDINGS, 'utf8'));
  });

  it.each(everyFile)('%s is printed as it was read, byte for byte', (name) => {
    const bytes = readFileSync(path.join(HERE, name));
    const read = readConfigText(bytes);
    const printed = printFile(parseFile({ path: name, content: read.text }));
    expect(Buffer.from(writeConfigText({ ...read, text: printed })).equals(bytes)).toBe(true);
  });

  it.each(MAINS)('%s is mended once and for all', (name) => {
    const { main, files } = tree(name);
    const once = fixConfig(main, files);
    expect(fixConfig(main, once.files).files).toEqual(once.files);
    const hasMore = once.left.filter(({ fix }) => fix !== null);
    expect(hasMore).toEqual([]);
  });
});
