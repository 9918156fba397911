import { Agent, request } from 'node:http';

const MOST_CONNECTIONS = 32;

/** An API as benchmarks speak to it. */
export class BenchApi {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: MOST_CONNECTIONS });

  constructor(
    readonly url: string,
    private readonly key: string,
  ) {}

  /** Throws where it is refused. */
  async post(path: string, body: object): Promise<Record<string, unknown>> {
    const reply = await fetch(`${this.url}${path}`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${this.key}`, 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    const text = await reply.text();
    if (!reply.ok) throw new Error(`${path}: ${reply.status} ${text.slice(0, 500)}`);
    return JSON.parse(text);
  }

  /** Reads a reply to its end and returns how many bytes it has; rejects where it is not 200. */
  read(path: string): Promise<number> {
    return new Promise((resolve, reject) => {
      const headers = { Authorization: `Bearer ${this.key}` };
      const asked = request(`${this.url}${path}`, { agent: this.agent, headers }, (reply) => {
        let bytes = 0;
        reply.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
        });
        reply.once('error', reject).once('end', () => {
          if (reply.statusCode === 200) resolve(bytes);
          else reject(new Error(`${path}: ${reply.statusCode}`));
        });
      });
      const failed = (error: NodeJS.ErrnoException) => {
        // The server may end an idle connection in the moment in which it is taken up again.
        const unheard = asked.reusedSocket && error.code === 'ECONNRESET';
        if (unheard) resolve(this.read(path));
        else reject(error);
      };
      asked.once('error', failed).end();
    });
  }

  close(): void {
    this.agent.destroy();
  }
}
