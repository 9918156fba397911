import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { policyPrograms, repositoryRoot, runbookCommands, TypedShell } from '#kit';
import { ingress, MTLS } from './checkov-policy.manifests.js';

/** What docs/policy.md shows for pipelines that have Conftest or Checkov. */

const CONFIG = `http {
  server {
    listen 443 ssl; server_name edge.test; ssl_certificate server.pem; ssl_certificate_key server.key;
    ssl_client_certificate ca.pem; ssl_verify_client optional;
  }
}
`;

let shell: TypedShell;
beforeAll(async () => {
  shell = TypedShell.open();
  for (const [name, script] of Object.entries(await policyPrograms())) shell.program(name, script);
  shell.before = [`cd '${repositoryRoot()}'`];
});
afterAll(() => shell?.close());

describe('docs/policy.md', () => {
  it('has Conftest read a configuration', async () => {
    shell.stands['nginx.conf'] = shell.file('nginx.conf', CONFIG);
    const commands = runbookCommands('docs/policy.md', 'Conftest: nginx configurations').flat();
    // 1: it fails.
    expect(await shell.type(commands, 1)).toContain('edge.test');
  });

  it('has Conftest read what the audit read', async () => {
    shell.program(
      'nginx',
      `echo '# configuration file /etc/nginx/nginx.conf:'; cat '${shell.folder}/nginx.conf'`,
    );
    const heading = 'Includes, and configurations that its parser refuses';
    const commands = runbookCommands('docs/policy.md', heading).flat();
    expect(await shell.type(commands, 1)).toContain('edge.test');
  });

  it('has Checkov read manifests', async () => {
    const manifest = ingress('pay', { ...MTLS, 'verify-client': '"off"' });
    shell.stands['rendered.yaml'] = shell.file('rendered.yaml', manifest);
    const commands = runbookCommands('docs/policy.md', 'Checkov: Ingresses of ingress-nginx').flat();
    expect(await shell.type(commands, 1)).toContain('CKV_WINDLASS_VERIFY_OFF');
  });
});
