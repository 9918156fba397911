import { describe, expect, it } from 'vitest';
import { type HostTarget, Secret } from '#engine';
import type { HostConnection } from './connection.js';
import { OpenConnections } from './open-connections.js';

const hosts = Array.from({ length: 200 }, (_, place): HostTarget => {
  const name = `host-${place}`;
  return {
    ...{ id: name, name, fleetId: 'f', address: '127.0.0.1', port: 22, user: 'root', hostKey: 'k' },
    ...{ privateKey: new Secret('none'), managedPaths: [], nginxBinary: 'nginx' },
  };
});

describe('connections to many hosts at once', () => {
  it('are opened 64 at a time, and spoken over all at once', async () => {
    let [opening, mostOpening, speaking, mostSpeaking] = [0, 0, 0, 0];
    const connections = new OpenConnections({
      reach: async () => {
        opening += 1;
        mostOpening = Math.max(mostOpening, opening);
        await new Promise((resolve) => setImmediate(resolve));
        opening -= 1;
        return { end: () => undefined } as unknown as HostConnection;
      },
      leave: async () => undefined,
    });
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const spoken = hosts.map((host) =>
      connections.use(host, 'stays', async () => {
        speaking += 1;
        mostSpeaking = Math.max(mostSpeaking, speaking);
        if (speaking === hosts.length) release();
        await held;
      }),
    );
    await Promise.all(spoken);
    expect([mostOpening, mostSpeaking]).toEqual([64, hosts.length]);
    await connections.close();
  });
});
