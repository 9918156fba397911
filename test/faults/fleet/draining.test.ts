import { once } from 'node:events';
import { request } from 'node:https';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestHost } from '#kit';
import { blocksOf } from '#rotation';
import { TestInstallation } from '../../fleet/installation.js';
import { addToServer, reload } from './nginx-edit.js';
import { answersTo, clientFrom } from './outside-view.js';

const SIZE = 4 << 20;
let windlass: TestInstallation;

beforeAll(async () => {
  windlass = await TestInstallation.open({ hosts: 1 });
});

afterAll(() => windlass?.stop());

/** A download that takes for ever, by a client of the CA that is the default now. */
async function slowDownload(host: TestHost) {
  host.exec(`mkdir -p /run/www && head -c ${SIZE} /dev/zero > /run/www/large`);
  addToServer(host, 'location /large { root /run/www; limit_rate 10k; }');
  reload(host);
  const { certificatePem: cert, privateKey } = await clientFrom(windlass.vault);
  const asked = request({
    ...{ host: host.address, port: host.httpsPort, path: '/large', servername: 'edge.test' },
    ...{ cert, key: privateKey.reveal(), rejectUnauthorized: false, agent: false },
  }).end();
  const [answer] = await once(asked, 'response');
  answer.on('error', () => undefined).resume();
  expect(answer.statusCode).toBe(200);
  return { end: () => void asked.destroy() };
}

const draining = (host: TestHost) =>
  host.exec(`pgrep -fc '^nginx: worker process is shutting down' || true`).trim();

describe('old workers linger', () => {
  it('F15: a download of before: draining is shown, and the old CA is not dropped before it is done', async () => {
    const [host] = windlass.fleet.hosts;
    if (!host) throw new Error('no host');
    const download = await slowDownload(host);
    const id = await windlass.rotate();
    const blocked = await windlass.until(id, 'blocked');
    expect(blocksOf(blocked)).toMatchObject([{ reason: { code: 'host.draining' } }]);
    expect(blocked.phase).toBe('contract');
    expect(blocked.ended).toBeNull();
    expect(Number(draining(host))).toBeGreaterThan(0);
    // Whoever comes anew is let in by the new CA alone meanwhile.
    expect(await answersTo(await clientFrom(windlass.vault), windlass.fleet.hosts)).toEqual(['200']);
    download.end();
    await windlass.until(id, 'succeeded');
    expect(draining(host)).toBe('0');
  });
});
