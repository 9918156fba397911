import { once } from 'node:events';
import { connect, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operatorOf } from './incident.js';
import { commandsOf } from './operator.js';
import { RunbookFleet } from './runbook-fleet.js';

describe('the runbook for old workers', () => {
  let on: RunbookFleet;

  beforeAll(async () => {
    on = await RunbookFleet.open();
  });

  afterAll(() => on?.stop());

  /** A client of the old CA that was let in and takes its time: nginx waits a minute for the rest of its request. */
  const comeIn = async (): Promise<TLSSocket> => {
    const body = { common_name: 'slow', ttl: '1h' };
    const { data } = await on.served.askVault('POST', 'pki/issue/clients', body);
    const { address, httpsPort } = on.host;
    const socket = connect({
      ...{ host: address, port: httpsPort, servername: 'edge.test', rejectUnauthorized: false },
      ...{ cert: String(data.certificate), key: String(data.private_key) },
    });
    socket.on('error', () => undefined);
    await once(socket, 'secureConnect');
    socket.write('GET / HTTP/1.1\r\nHost: edge.test\r\n');
    return socket;
  };

  it('ends what they still serve, and the rotation with it', async () => {
    const clients: TLSSocket[] = [];
    on.strikes.beforeNext(2, 'commit', on.host.name, async () => clients.push(await comeIn()));
    const id = await on.rotate();
    const blocked = await on.served.until(id, ({ explanation }) => /old nginx workers/.test(explanation));
    expect(blocked).toMatchObject({ status: 'running', phase: 'contract', blocks: [] });
    await operatorOf({ on, id, blocked }).follow(commandsOf('Old workers serve still').flat());
    const ended = await on.served.ended(id);
    expect(ended.status).toBe('succeeded');
    expect(ended.explanation).not.toContain('old nginx workers');
    for (const client of clients) client.destroy();
  });
});
