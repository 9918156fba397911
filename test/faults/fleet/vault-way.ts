import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Reply {
  readonly status: number;
  readonly body: string;
}

const DENIED: Reply = {
  status: 403,
  body: JSON.stringify({ errors: ['1 error occurred: * permission denied'] }),
};

/** What happens to a reply on its way; null loses it, and the connection with it. */
type Meddle = (reply: Reply) => Reply | null | Promise<Reply>;

interface Rule {
  readonly question: RegExp;
  readonly meddle: Meddle;
  readonly isOver: boolean;
}

/**
 * A way to Vault that passes every question on, and may lose or change what comes back. Questions read
 * `POST /v1/pki/config/issuers`.
 */
export class VaultWay {
  /** Every question that Vault was asked, in order. */
  readonly questions: string[] = [];
  private rules: Rule[] = [];
  private refused: RegExp[] = [];

  private constructor(
    private readonly vault: URL,
    private readonly server: Server,
  ) {}

  static async open(vaultAddress: string): Promise<VaultWay> {
    const server = createServer((question, answer) => void way.pass(question, answer));
    const way = new VaultWay(new URL(vaultAddress), server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return way;
  }

  get address(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Vault does what the next such question asks, and nobody hears of it. Resolves when that has happened. */
  loseNextReply(question: RegExp): Promise<void> {
    return new Promise((lost) => {
      const meddle = () => {
        lost();
        return null;
      };
      this.rules.push({ question, meddle, isOver: true });
    });
  }

  /** From now on replies to such questions say something else. */
  change(question: RegExp, meddle: (reply: Reply) => Reply | Promise<Reply>): void {
    this.rules.push({ question, meddle, isOver: false });
  }

  /** From now on such questions do not reach Vault: whoever asks is told that he may not. */
  refuse(question: RegExp): void {
    this.refused.push(question);
  }

  /** Everything passes as it is again. */
  mend(): void {
    this.rules = [];
    this.refused = [];
  }

  asked(question: RegExp): number {
    return this.questions.filter((one) => question.test(one)).length;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async pass(question: IncomingMessage, answer: ServerResponse): Promise<void> {
    const name = `${question.method} ${question.url}`;
    this.questions.push(name);
    const denied = this.refused.some((one) => one.test(name));
    const reply = denied ? DENIED : await this.vaultSays(question).catch(() => null);
    const rule = this.rules.find((one) => one.question.test(name));
    if (rule?.isOver) this.rules = this.rules.filter((one) => one !== rule);
    const passed = reply && rule ? await rule.meddle(reply) : reply;
    if (!passed) return void question.socket.destroy();
    answer.writeHead(passed.status, { 'content-type': 'application/json' }).end(passed.body);
  }

  private async vaultSays(question: IncomingMessage): Promise<Reply> {
    const { method, url: path, headers } = question;
    const { hostname, port } = this.vault;
    const { host: _, connection: __, ...passedOn } = headers;
    const asked = request({ hostname, port, method, path, headers: passedOn });
    question.pipe(asked);
    const [reply] = (await once(asked, 'response')) as [IncomingMessage];
    const chunks: Buffer[] = [];
    for await (const chunk of reply) chunks.push(chunk as Buffer);
    return { status: reply.statusCode ?? 0, body: Buffer.concat(chunks).toString() };
  }
}
