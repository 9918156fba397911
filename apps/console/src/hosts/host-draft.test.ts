import { describe, expect, it } from 'vitest';
import { EMPTY_HOST, newHostOf } from './host-draft.js';

const DRAFT = {
  ...EMPTY_HOST,
  name: ' edge-1 ',
  address: '10.0.0.7',
  privateKey: 'K',
  hostKey: 'ssh-ed25519 AAAA',
};

describe('a host that is being added', () => {
  it('has a path and a listener for each line', () => {
    const { host, notListeners } = newHostOf({
      ...{ ...DRAFT, managedPaths: '/a.pem\n\n /b.pem\n' },
      listeners: '8443 edge.example\n10.0.0.8:9443\n',
    });
    expect(notListeners).toEqual([]);
    expect(host).toMatchObject({ name: 'edge-1', port: 22, managedPaths: ['/a.pem', '/b.pem'] });
    expect(host.probeTargets).toEqual([
      { address: '10.0.0.7', port: 8443, serverName: 'edge.example', path: '/' },
      { address: '10.0.0.8', port: 9443, serverName: null, path: '/' },
    ]);
  });

  it('names the lines that are no listeners', () => {
    expect(newHostOf({ ...DRAFT, listeners: '8443\nhttps' }).notListeners).toEqual(['https']);
  });

  it('pins a key, or takes it out of lines of known_hosts', () => {
    expect(newHostOf(DRAFT).host).toMatchObject({ hostKey: 'ssh-ed25519 AAAA' });
    expect(newHostOf({ ...DRAFT, hostKey: 'ecdsa-sha2-nistp256 AAAA me@desk' }).host).toHaveProperty(
      'hostKey',
    );
    const known = newHostOf({ ...DRAFT, hostKey: '10.0.0.7 ssh-ed25519 AAAA\n' }).host;
    expect(known).toMatchObject({ knownHosts: '10.0.0.7 ssh-ed25519 AAAA\n' });
    expect(known).not.toHaveProperty('hostKey');
  });

  it('sends no key where the agent has it', () => {
    expect(newHostOf({ ...DRAFT, login: 'agent' }).host).not.toHaveProperty('privateKey');
  });
});
