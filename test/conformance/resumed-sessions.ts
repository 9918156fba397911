import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { X509Mint } from '#certificates';
import { type ProbeAnswer, type ProbeIdentity, type ProbeTarget, Secret, type SessionKind } from '#engine';
import { lastingSessions, parseNginxDump } from '#nginx-audit';
import { TlsProbe } from '#probe';
import { composeGeneration, markerName } from '#trust';
import { makeCa, type TestCa } from '../kit/pki.js';
import { freePorts, LocalNginx, NginxFolder } from './local-nginx.js';
import {
  ALONE,
  type Change,
  LAYOUTS,
  type Layout,
  SESSION_SETUPS,
  type SessionSetup,
} from './session-setups.js';

const KINDS: readonly SessionKind[] = ['TLS 1.2 session id', 'TLS 1.2 ticket', 'TLS 1.3 ticket'];
const CHANGES: readonly Change[] = ['marked', 'unmarked', 'renamed'];

export interface SessionCase {
  readonly setup: SessionSetup;
  readonly layout: Layout;
}

/** What a client of the dropped CA gets by one kind of session. */
export interface Resumption {
  readonly kind: SessionKind;
  readonly before: boolean;
  /** With the session of before the switch; null where it had none. */
  readonly after: ProbeAnswer | null;
}

export interface Outcome extends SessionCase {
  readonly resumptions: readonly Resumption[];
  /** Without any session, after the switch. */
  readonly fresh: ProbeAnswer;
  /** `lastingSessions` says that nothing ends them. */
  readonly predicted: boolean;
}

/** Alone on its socket in every set-up; else in those that tell the layouts apart. */
export const SESSION_CASES: readonly SessionCase[] = SESSION_SETUPS.flatMap((setup) =>
  LAYOUTS.filter(({ name }) => name === ALONE || setup.tellsLayoutsApart).map((layout) => ({
    setup,
    layout,
  })),
);

/** Saves sessions in every set-up, drops the CA in all of them by one reload, and comes back. */
export class SessionBench {
  private readonly probe = new TlsProbe({ timeoutMilliseconds: 10_000 });
  private ports: number[] = [];

  private constructor(
    private readonly folder: NginxFolder,
    private readonly protocol: 'http' | 'stream',
    private readonly dropped: TestCa,
    private readonly client: ProbeIdentity,
  ) {}

  static async run(binary: string, protocol: 'http' | 'stream'): Promise<Outcome[]> {
    const folder = await NginxFolder.create();
    const dropped = await makeCa({ commonName: 'The client CA' });
    const { certificatePem, privateKeyPem } = await dropped.issueClient({ commonName: 'old' });
    const client = { certificatePem, chainPem: '', privateKey: new Secret(privateKeyPem) };
    const bench = new SessionBench(folder, protocol, dropped, client);
    try {
      return await bench.outcomes(binary);
    } finally {
      await folder.remove();
    }
  }

  private async outcomes(binary: string): Promise<Outcome[]> {
    const text = await this.configure();
    const nginx = await LocalNginx.start(this.folder, this.ports[0] ?? 0, binary);
    try {
      const saved = await Promise.all(SESSION_CASES.map((_, index) => this.save(index)));
      await this.writeBundles(
        { marked: 'The client CA', unmarked: 'The client CA', renamed: 'Another CA' },
        2,
      );
      await nginx.reload();
      const lasting = CHANGES.flatMap((change) => this.lasting(text, change));
      return await Promise.all(
        SESSION_CASES.map(async (one, index) => ({
          ...one,
          resumptions: await this.comeBack(index, saved[index] ?? []),
          fresh: await this.probe.ask(this.target(index), this.client),
          predicted: lasting.includes(`127.0.0.1:${this.ports[index]}`),
        })),
      );
    } finally {
      await nginx.stop();
    }
  }

  /** Sockets on which sessions outlast that change, as the pure rule has it. */
  private lasting(text: string, change: Change): string[] {
    const dump = `# configuration file ${join(this.folder.path, 'nginx.conf')}:\n${text}`;
    const found = lastingSessions(parseNginxDump(dump), [join(this.folder.path, `${change}.pem`)]);
    const ended = (endByNames: boolean) => endByNames && change !== 'unmarked';
    return found.filter(({ endByNames }) => !ended(endByNames)).map(({ socket }) => socket);
  }

  private async save(index: number) {
    return Promise.all(
      KINDS.map(async (kind) => {
        const first = await this.probe.visit(this.target(index), this.client, { kind, session: null });
        if (first.session === null) return { kind, session: null };
        const again = await this.probe.visit(this.target(index), this.client, {
          kind,
          session: first.session,
        });
        return { kind, session: again.resumed ? (again.session ?? first.session) : null };
      }),
    );
  }

  private comeBack(
    index: number,
    saved: readonly { kind: SessionKind; session: Secret | null }[],
  ): Promise<Resumption[]> {
    return Promise.all(
      saved.map(async ({ kind, session }) => {
        if (session === null) return { kind, before: false, after: null };
        const { answer } = await this.probe.visit(this.target(index), this.client, { kind, session });
        return { kind, before: true, after: answer };
      }),
    );
  }

  private target(index: number): ProbeTarget {
    return { address: '127.0.0.1', port: this.ports[index] ?? 0, serverName: 'edge.test', path: '/' };
  }

  private async configure(): Promise<string> {
    const servers = await makeCa({ commonName: 'servers' });
    const pair = await servers.issueClient({ commonName: 'server', extendedKeyUsages: [] });
    const { folder } = this;
    await folder.write('server.pem', pair.certificatePem);
    await folder.write('server.key', pair.privateKeyPem);
    await folder.write('other.pem', servers.certificatePem);
    await folder.write('ticket.key', randomBytes(80));
    await this.writeBundles(null, 1);
    this.ports = await freePorts(SESSION_CASES.length);
    const text = this.frame(SESSION_CASES.map((one, index) => this.servers(one, index)).join('\n'));
    await folder.write('nginx.conf', text);
    return text;
  }

  /** `names`: of the CAs that come instead; null for the one that is to be dropped. */
  private async writeBundles(names: Record<Change, string> | null, number: number): Promise<void> {
    for (const change of CHANGES) {
      const ca = names === null ? this.dropped : await makeCa({ commonName: names[change] });
      const anchorsPem = [ca.certificatePem];
      const { digest } = composeGeneration({ anchorsPem, markerPem: null });
      const markerPem =
        change === 'marked' ? await new X509Mint().marker(markerName('edge', number, digest)) : null;
      await this.folder.replace(`${change}.pem`, composeGeneration({ anchorsPem, markerPem }).content);
    }
  }

  private servers({ setup, layout }: SessionCase, index: number): string {
    const bundle = `${layout.change}.pem`;
    const keeping = setup.directives(`zone${index}`);
    const own = `ssl_client_certificate ${bundle}; ssl_verify_client on; ${keeping}`;
    return [
      ...(layout.before ? [this.server(index, 'front.test', layout.before(bundle, keeping))] : []),
      this.server(index, 'edge.test', own),
      ...(layout.behind ? [this.server(index, 'back.test', layout.behind(bundle, keeping))] : []),
    ].join('\n');
  }

  private server(index: number, name: string, settings: string): string {
    const answer =
      this.protocol === 'http' ? 'location / { return 200 ok; }' : 'return "HTTP/1.1 200 OK\\r\\n\\r\\n";';
    return `server {
      listen 127.0.0.1:${this.ports[index]} ssl; server_name ${name};
      ssl_certificate server.pem; ssl_certificate_key server.key; ssl_protocols TLSv1.2 TLSv1.3;
      ${settings} ${answer}
    }`;
  }

  private frame(servers: string): string {
    if (this.protocol === 'http') return this.folder.frame(servers);
    return this.folder.frame('').replace(/http \{[\s\S]*\}\n/, () => `stream {\n${servers}\n}\n`);
  }
}
