import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { makeCa, type TestCertificate } from '../../kit/pki.js';
import { freePorts, LocalNginx, NginxFolder } from '../local-nginx.js';

/** What a client shows: its certificate, and behind it what else it sends. */
export interface Shown {
  readonly certificate: TestCertificate;
  readonly chainPem?: string;
}

/** The name of the server, which its certificate has. */
export const NAME = 'edge.test';
const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';

/** An nginx with one server, and the programs that people ask it with. */
export class Site {
  private nginx: LocalNginx | null = null;
  private logRead = 0;

  private constructor(
    readonly folder: NginxFolder,
    readonly port: number,
  ) {}

  /** Files beside it: `servers.pem`, which signed `server.pem` with its key `server.key`. */
  static async open(): Promise<Site> {
    const folder = await NginxFolder.create();
    const servers = await makeCa({ commonName: 'servers' });
    const pair = await servers.issueClient({
      commonName: NAME,
      dnsNames: [NAME],
      extendedKeyUsages: [SERVER_AUTH],
    });
    await folder.write('servers.pem', servers.certificatePem);
    await folder.write('server.pem', pair.certificatePem);
    await folder.write('server.key', pair.privateKeyPem);
    const [port = 0] = await freePorts(1);
    return new Site(folder, port);
  }

  /** Writes the configuration: one server with `settings`, and what else stands beside it in `http`. */
  async write(settings: string, beside = ''): Promise<void> {
    await this.folder.configure(`server {
    listen 127.0.0.1:${this.port} ssl; server_name ${NAME};
    ssl_certificate server.pem; ssl_certificate_key server.key;
    ${settings}
    location / { return 200 "$ssl_client_verify $ssl_client_s_dn\\n"; }
  }
  ${beside}`);
  }

  /** Serves with these settings from now on, and with the files as they lie there. */
  async serve(settings: string, beside = ''): Promise<void> {
    await this.write(settings, beside);
    if (this.nginx === null) this.nginx = await LocalNginx.start(this.folder, this.port);
    else await this.nginx.reload();
    this.newLog();
  }

  /** A request by curl, as `shown` or as nobody: what it prints, and what nginx adds to its error log. */
  async curl(shown: Shown | null, more: readonly string[] = []): Promise<string> {
    const identity = shown === null ? [] : ['--cert', await this.identity(shown)];
    const address = `${NAME}:${this.port}:127.0.0.1`;
    const words = ['-sS', '--cacert', 'servers.pem', '--resolve', address, ...identity];
    const url = more.some((word) => word.includes('://')) ? [] : [this.url()];
    return (await this.run('curl', [...words, ...more, ...url])) + this.newLog();
  }

  url(scheme = 'https'): string {
    return `${scheme}://${NAME}:${this.port}/`;
  }

  /** What a program prints, on both of its ends, when it is started in the folder of the site. */
  run(program: string, args: readonly string[], input = ''): Promise<string> {
    return new Promise((resolve) => {
      const child = execFile(program, args, { cwd: this.folder.path }, (_error, stdout, stderr) =>
        resolve(stdout + stderr),
      );
      // Whoever ends before it reads has said what it had to say.
      child.stdin?.on('error', () => {}).end(input);
    });
  }

  /** What nginx wrote to its error log since this was last asked. */
  newLog(): string {
    const log = readFileSync(path.join(this.folder.path, 'error.log'), 'utf8');
    const added = log.slice(this.logRead);
    this.logRead = log.length;
    return added;
  }

  /** Writes what curl and s_client take for `--cert`, and returns the name of the file. */
  async identity({ certificate, chainPem = '' }: Shown): Promise<string> {
    await this.folder.write(
      'identity.pem',
      certificate.certificatePem + chainPem + certificate.privateKeyPem,
    );
    return 'identity.pem';
  }

  async close(): Promise<void> {
    await this.nginx?.stop();
    await this.folder.remove();
  }
}
