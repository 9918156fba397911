import { type ProbeAnswer, Secret } from '#engine';
import { TlsProbe } from '#probe';
import type { TestCertificate } from '../kit/pki.js';
import type { ClientChain } from './client-chains.js';
import { freePorts, LocalNginx, NginxFolder } from './local-nginx.js';

export type Verdict = 'accepted' | 'refused';

/** Each server speaks one of them, so that a chain is judged under both. */
const PROTOCOLS = ['TLSv1.2', 'TLSv1.3'] as const;
const probe = new TlsProbe({ timeoutMilliseconds: 10_000 });

/** 496, "no certificate was shown", has an answer of its own: it would be no verdict on the chain. */
function server(port: number, protocol: string, id: number, chain: ClientChain): string {
  const { trustedPem, crlPem, depth } = chain;
  return `server {
    listen 127.0.0.1:${port} ssl;
    ssl_certificate server.pem; ssl_certificate_key server.key;
    ssl_protocols ${protocol};
    ssl_client_certificate bundle-${id}.pem; ssl_verify_client on;
    ${trustedPem === undefined ? '' : `ssl_trusted_certificate trusted-${id}.pem;`}
    ${crlPem === undefined ? '' : `ssl_crl crl-${id}.pem;`}
    ${depth === undefined ? '' : `ssl_verify_depth ${depth};`}
    error_page 496 =404 /nothing-shown;
    location / { return 200; }
    location /nothing-shown { return 404; }
  }`;
}

async function folderWith(pair: TestCertificate, chains: readonly ClientChain[]): Promise<NginxFolder> {
  const folder = await NginxFolder.create();
  await folder.write('server.pem', pair.certificatePem);
  await folder.write('server.key', pair.privateKeyPem);
  for (const [id, { bundlePem, trustedPem, crlPem }] of chains.entries()) {
    await folder.write(`bundle-${id}.pem`, bundlePem);
    if (trustedPem !== undefined) await folder.write(`trusted-${id}.pem`, trustedPem);
    if (crlPem !== undefined) await folder.write(`crl-${id}.pem`, crlPem);
  }
  return folder;
}

/** What `nginx -t` says against the three files of the chain, null when nothing; anything else it says is an error. */
export async function loadComplaint(
  pair: TestCertificate,
  chain: ClientChain,
  binary?: string,
): Promise<string | null> {
  const folder = await folderWith(pair, [chain]);
  try {
    await folder.configure(server(1, 'TLSv1.2', 0, chain));
    const complaint = await folder.test(binary);
    if (complaint === null || /(bundle|trusted|crl)-0\.pem/.test(complaint)) return complaint;
    throw new Error(complaint);
  } finally {
    await folder.remove();
  }
}

/** A running nginx with a server for each TLS version of each chain. */
export class ChainServers {
  private constructor(
    private readonly nginx: LocalNginx,
    private readonly folder: NginxFolder,
    private readonly ports: ReadonlyMap<ClientChain, readonly number[]>,
  ) {}

  /** `pair` is what the servers show of themselves. `binary`: Debian's nginx when left out. */
  static async open(
    pair: TestCertificate,
    chains: readonly ClientChain[],
    binary?: string,
  ): Promise<ChainServers> {
    const folder = await folderWith(pair, chains);
    const free = await freePorts(chains.length * PROTOCOLS.length);
    const ports = new Map(
      chains.map((chain, id) => [chain, free.slice(id * PROTOCOLS.length, (id + 1) * PROTOCOLS.length)]),
    );
    const servers = chains.flatMap((chain, id) =>
      PROTOCOLS.map((protocol, i) => server(ports.get(chain)?.[i] ?? 0, protocol, id, chain)),
    );
    await folder.configure(servers.join('\n'));
    return new ChainServers(await LocalNginx.start(folder, free[0] ?? 0, binary), folder, ports);
  }

  /** What nginx answers to the client of the chain, under each TLS version. */
  async answers(chain: ClientChain): Promise<ProbeAnswer[]> {
    const { certificatePem, privateKeyPem } = chain.client;
    const identity = {
      certificatePem,
      chainPem: chain.sentPem ?? '',
      privateKey: new Secret(privateKeyPem),
    };
    const ports = this.ports.get(chain);
    if (ports === undefined) throw new Error('no server was made for this chain');
    return Promise.all(
      ports.map((port) => probe.ask({ address: '127.0.0.1', port, serverName: null, path: '/' }, identity)),
    );
  }

  async verdicts(chain: ClientChain): Promise<Verdict[]> {
    return (await this.answers(chain)).map(verdictIn);
  }

  async stop(): Promise<void> {
    await this.nginx.stop();
    await this.folder.remove();
  }
}

function verdictIn(answer: ProbeAnswer): Verdict {
  if (answer.kind === 'http' && answer.status === 200) return 'accepted';
  if (answer.kind === 'http' && answer.status === 400) return 'refused';
  throw new Error(`nginx gave no verdict on the chain: ${JSON.stringify(answer)}`);
}
