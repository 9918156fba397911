import { once } from 'node:events';
import { Agent, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';

/** One TCP connection to an API that is kept, on which each request waits for the one before. */
export class OneConnection {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 1 });

  constructor(
    private readonly url: string,
    private readonly headers: Readonly<Record<string, string>>,
  ) {}

  async get(
    path: string,
  ): Promise<{ readonly status: number | undefined; readonly headers: IncomingHttpHeaders }> {
    const asked = request(`${this.url}${path}`, { agent: this.agent, headers: this.headers }).end();
    const [reply] = (await once(asked, 'response')) as [IncomingMessage];
    await text(reply);
    return { status: reply.statusCode, headers: reply.headers };
  }

  close(): void {
    this.agent.destroy();
  }
}
