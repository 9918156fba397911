import { VaultCaSource } from '#ca-source';
import type { CaSurvey, IssuedLeaf, ProbeIdentity } from '#engine';
import type { TestHost, TestVault } from '#kit';
import { TlsProbe } from '#probe';
import { digestOf } from '#trust';
import { PKI } from '../../fleet/installation.js';

const probe = new TlsProbe();
const vaultSource = new VaultCaSource();

/** Vault as somebody sees it who goes there himself, whatever way Windlass takes. */
export function issuingCaOf({ address, token }: TestVault) {
  const { mount, role } = PKI;
  return {
    ...{
      kind: 'vault' as const,
      id: 'outside',
      address,
      token,
      namespace: '',
      mount,
      role,
      serverCaPem: null,
    },
  };
}

export function surveyOf(vault: TestVault): Promise<CaSurvey> {
  return vaultSource.survey(issuingCaOf(vault));
}

/** A client with an hour to live; of the issuer that is the default now where none is named. */
export function clientFrom(vault: TestVault, issuerId: string | null = null): Promise<IssuedLeaf> {
  const request = { issuerId, commonName: 'a client', ttlSeconds: 3600 };
  return vaultSource.issueLeaf(issuingCaOf(vault), request);
}

/** What every host answers to the client: `200`, `400`, or why there was no answer. */
export function answersTo(identity: ProbeIdentity | null, hosts: readonly TestHost[]): Promise<string[]> {
  return Promise.all(
    hosts.map(async ({ address, httpsPort: port }) => {
      const answer = await probe.ask({ address, port, serverName: 'edge.test', path: '/' }, identity);
      if (answer.kind === 'http') return String(answer.status);
      return answer.kind === 'tls-refused' ? answer.alert : answer.reason;
    }),
  );
}

/** The names of the CAs that the workers of every host offer, in one line a host. */
export function servedBy(hosts: readonly TestHost[]): Promise<string[]> {
  return Promise.all(
    hosts.map(async ({ address, httpsPort: port }) => {
      const names = await probe.servedCaNames({ address, port, serverName: 'edge.test', path: '/' });
      return (names ?? ['nothing']).join(' | ');
    }),
  );
}

export function liveDigests(hosts: readonly TestHost[]): string[] {
  return hosts.map((host) => digestOf(host.readFile(`.${host.managedPath}`)));
}

/** What changes on a host that is touched: its files with their times and content, and its nginx processes. */
const TRACES = `
  pgrep nginx
  find /etc/nginx /var/lib/windlass -type f -printf '%p %s %T@ %i\\n' -exec sha256sum {} + | sort`;

export function tracesOn(hosts: readonly TestHost[]): string[] {
  return hosts.map((host) => host.exec(TRACES));
}

/** Pids of the nginx workers that accept: a host that reloads gets others. */
export function workersOf(hosts: readonly TestHost[]): string[] {
  return hosts.map((host) => host.exec(`pgrep -f '^nginx: worker process$' | sort`));
}
