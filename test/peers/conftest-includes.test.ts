import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { conftest } from '#kit';
import { auditCommand } from '../../apps/cli/src/audit/audit-command.js';
import { POLICY } from './conftest-policy.js';

const FILES = {
  'nginx.conf':
    'events { }\nhttp {\n  more_set_headers "X: y";\n  ssl_verify_depth 2;\n  include sites/*.conf;\n}\n',
  'sites/a.conf': 'server {\n  listen 443 ssl;\n  server_name "a.test";\n  include snippets/mtls.conf;\n}\n',
  'sites/b.conf': 'server {\n  listen 443 ssl;\n  server_name b.test;\n  include snippets/open.conf;\n}\n',
  'snippets/mtls.conf': 'ssl_client_certificate "/ca.pem";\nssl_verify_client on;\n',
  'snippets/open.conf': "ssl_client_certificate /ca.pem;\nssl_verify_client 'optional';\n",
};

let folder: string;
const at = (name: string) => path.join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'windlass-conftest-'));
  for (const [name, content] of Object.entries(FILES)) {
    await mkdir(path.dirname(at(name)), { recursive: true });
    await writeFile(at(name), content);
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function shape(...args: readonly string[]): { code: number; printed: string; complained: string } {
  const [printed, complained]: [string[], string[]] = [[], []];
  const code = auditCommand(
    [...args, '--format', 'conftest'],
    (line) => printed.push(line),
    (line) => complained.push(line),
  );
  return { code, printed: printed.join('\n'), complained: complained.join('\n') };
}

const judged = (json: string) => conftest(['test', '--no-color', '--parser', 'json', ...POLICY, '-'], json);

describe('windlass audit --format conftest', () => {
  it('puts every include in its place for the policy, and names where a server stands', async () => {
    const { code, printed } = shape(at('nginx.conf'));
    expect(code).toBe(0);
    const verdict = await judged(printed);
    expect(verdict.code).toBe(1);
    expect(verdict.stdout).toContain(
      `server b.test (listen 443 ssl) at ${at('sites/b.conf')}:1: ssl_verify_client optional`,
    );
    expect(verdict.stdout).toContain('2 tests, 1 passed, 0 warnings, 1 failure');
  });

  it('leaves an include whose file is not at hand for the policy to warn of', async () => {
    await writeFile(at('lost.conf'), 'server { listen 443 ssl; include nowhere.conf; }');
    const verdict = await judged(shape(at('lost.conf')).printed);
    expect(verdict).toMatchObject({ code: 0, stdout: expect.stringContaining('[include-not-read]') });
  });

  it('hands over nothing of what it cannot read', async () => {
    await writeFile(at('broken.conf'), 'server { listen 443 ssl; }\n}\nserver { }');
    const { code, printed, complained } = shape(at('broken.conf'));
    expect([code, printed]).toEqual([1, '']);
    expect(complained).toMatch(/broken\.conf:2:1: .*; mend it/);
  });

  it('takes one configuration, and audits nothing', () => {
    for (const more of [[at('lost.conf')], ['--fix'], ['--write']]) {
      expect(shape(at('nginx.conf'), ...more)).toMatchObject({ code: 1, printed: '' });
    }
  });
});
