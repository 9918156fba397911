import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeCa, runbookCommands, TypedShell } from '#kit';

/** What pages show for somebody who has files and no API. */

let shell: TypedShell;
beforeAll(() => {
  shell = TypedShell.open();
});
afterAll(() => shell?.close());

describe('docs/audit.md', () => {
  it('audits a file, and what a running nginx says of itself', async () => {
    const ca = await makeCa({ commonName: 'Clients' });
    shell.file('ca.pem', ca.certificatePem);
    const server = await ca.issueClient({ commonName: 'edge.test' });
    shell.file('server.pem', server.certificatePem);
    shell.file('server.key', server.privateKeyPem);
    const config = shell.file(
      'nginx.conf',
      `events {} pid ${shell.folder}/pid;
http {
  server {
    listen 127.0.0.1:1 ssl; ssl_certificate ${shell.folder}/server.pem; ssl_certificate_key ${shell.folder}/server.key;
    ssl_client_certificate ${shell.folder}/ca.pem; ssl_verify_client optional;
  }
}
`,
    );
    shell.program('nginx', `exec /usr/sbin/nginx -c '${config}' -e stderr "$@"`);
    shell.stands['/etc/nginx/nginx.conf'] = config;
    const title = 'Audit: what does this configuration do with client certificates?';
    const commands = runbookCommands('docs/audit.md', title).flat();
    expect(commands).toHaveLength(2);
    // 2: there is a finding.
    for (const command of commands)
      expect(await shell.type(command, 2)).toMatch(/nginx\.conf:5:\d+: error: /);
  });
});

describe('docs/scan.md', () => {
  it('scans a folder of manifests, and what a program prints', async () => {
    const manifest = `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: pay
  namespace: shop
  annotations:
    nginx.ingress.kubernetes.io/auth-tls-secret: shop/ca
    nginx.ingress.kubernetes.io/auth-tls-verify-client: optional
spec:
  rules: [{host: pay.test, http: {}}]
  tls: [{hosts: [pay.test]}]
`;
    shell.file('deploy/pay.yaml', manifest);
    const title = 'Scan: what do these manifests do with client certificates?';
    const commands = runbookCommands('docs/scan.md', title).flat();
    expect(commands.length).toBeGreaterThan(0);
    for (const command of commands) expect(await shell.type(command, 2)).toContain('optional');
  });
});

describe('docs/preflight.md', () => {
  it('says what nginx would do with three clients', async () => {
    const [ca, other] = [await makeCa({ commonName: 'New' }), await makeCa({ commonName: 'Other' })];
    shell.file('new-ca.pem', ca.certificatePem);
    for (const name of ['pos', 'app'])
      shell.file(`${name}.pem`, (await ca.issueClient({ commonName: name })).certificatePem);
    shell.file('stranger.pem', (await other.issueClient({ commonName: 'stranger' })).certificatePem);
    const commands = runbookCommands('docs/preflight.md', 'Preflight: will nginx take it?').flat();
    expect(await shell.type(commands)).toContain('ready: 3 of 3 as expected');
  });
});

describe('docs/cli.md', () => {
  it('completes words in three shells', async () => {
    // Of zsh, where it looks for functions.
    shell.before = ['fpath=(nowhere "$HOME")', 'mkdir -p ~/.config/fish/completions'];
    const commands = runbookCommands('docs/cli.md', 'Completion').flat();
    const stdout = await shell.type([
      ...commands,
      'complete -p windlass; cat _windlass .config/fish/completions/*',
    ]);
    shell.before = [];
    expect(stdout).toMatch(/^complete .*windlass$/m);
    expect(stdout).toContain('#compdef windlass');
    expect(stdout).toContain('complete -c windlass');
  });
});

describe('docs/ca-sources.md', () => {
  it('fills in the policy for AWS', async () => {
    shell.before = [`cd '${process.cwd()}'`];
    const stdout = await shell.type(runbookCommands('docs/ca-sources.md', 'AWS Private CA').flat());
    shell.before = [];
    expect(stdout).not.toContain('{{');
    expect(JSON.parse(stdout).Statement).not.toEqual([]);
  });
});
