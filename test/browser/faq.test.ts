import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';

import { afterAll, beforeAll } from 'vitest';
import { type Situation, tryEntries } from '../conformance/faq/page.js';
import { type BrowserRig, startBrowser } from '../kit/browser.js';
import { makeCa, type TestCa } from '../kit/pki.js';

const MOST_TRIES = 20;

let rig: BrowserRig;
let ca: TestCa;

beforeAll(async () => {
  ca = await makeCa({ commonName: 'ca' });
  rig = await startBrowser();
});

afterAll(() => rig?.stop());

/** What Chromium shows of a server that asks for certificates, and ends the handshake of nobody or of strangers. */
async function opened(rejectUnauthorized: boolean): Promise<string> {
  const pair = await ca.issueClient({ commonName: 'edge.test', extendedKeyUsages: [] });
  const settings = { cert: pair.certificatePem, key: pair.privateKeyPem, ca: ca.certificatePem };
  const server = createServer({ ...settings, requestCert: true, rejectUnauthorized }, (_, response) =>
    response.end('SUCCESS'),
  ).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const context = await rig.browser.newContext({ ignoreHTTPSErrors: true });
  const page = await context.newPage();
  try {
    await page.goto(`https://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    return await page.content();
  } catch (error) {
    return String(error);
  } finally {
    await context.close();
    server.closeAllConnections();
    server.close();
  }
}

/** The server ends the connection right behind its alert. Chromium may hear of the end first, and is asked again then. */
async function refused(): Promise<string> {
  for (let tries = 1; ; tries += 1) {
    const said = await opened(true);
    if (tries === MOST_TRIES || !said.includes('ERR_SOCKET_NOT_CONNECTED')) return said;
  }
}

const strictServer: Situation = {
  said: refused,
  mended: () => opened(false),
  well: 'SUCCESS',
};

tryEntries('test/browser/faq.test.ts', { ERR_BAD_SSL_CLIENT_AUTH_CERT: [strictServer] });
