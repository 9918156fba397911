import type {
  CaSource,
  HostGateway,
  HostTarget,
  IssuingCa,
  Probe,
  ProbeTarget,
  WebhookSender,
} from '#engine';
import { tracedPort } from '#platform';

interface Adapters {
  readonly ca: CaSource;
  readonly hosts: HostGateway;
  readonly probe: Probe;
}

/** The adapters, each question of which to a host, a listener or a CA is a span. Only put on where somebody follows. */
export function tracedAdapters({ ca, hosts, probe }: Adapters): Adapters {
  return { ca: tracedCa(ca), hosts: tracedHosts(hosts), probe: tracedProbe(probe) };
}

/** Neither path nor query of where they lead: some receivers keep a secret there. */
export function tracedSender(sender: WebhookSender): WebhookSender {
  return tracedPort(sender, 'webhook', {
    send: {
      asked: ({ url }) => ({ 'server.address': URL.canParse(url) ? new URL(url).hostname : '' }),
      answered: (status) => ({ 'http.response.status_code': status }),
    },
  });
}

function tracedHosts(hosts: HostGateway): HostGateway {
  const call = {
    asked: ({ id, name, address, port }: HostTarget) => ({
      ...{ 'windlass.host.id': id, 'windlass.host.name': name },
      ...{ 'server.address': address, 'server.port': port },
    }),
  };
  return tracedPort(hosts, 'ssh', {
    ...{ observe: call, openssl: call, verify: call, clients: call, tryBundle: call },
    ...{ stage: call, commit: call, renew: call, confirm: call, revert: call, discard: call },
  });
}

function tracedProbe(probe: Probe): Probe {
  const asked = ({ address, port, serverName }: ProbeTarget) => ({
    ...{ 'server.address': address, 'server.port': port, 'tls.server_name': serverName ?? '' },
  });
  return tracedPort(probe, 'probe', {
    ask: {
      asked: (target, identity) => ({ ...asked(target), 'windlass.probe.certificate': identity !== null }),
      answered: ({ kind }) => ({ 'windlass.probe.answer': kind }),
    },
    visit: {
      asked: (target, _identity, { kind }) => ({ ...asked(target), 'windlass.probe.session': kind }),
      answered: ({ answer, resumed }) => ({
        ...{ 'windlass.probe.answer': answer.kind, 'windlass.probe.resumed': resumed },
      }),
    },
    servedCaNames: { asked },
  });
}

function tracedCa(ca: CaSource): CaSource {
  const call = { asked: ({ id, kind }: IssuingCa) => ({ 'windlass.ca.id': id, 'windlass.ca.kind': kind }) };
  return tracedPort(ca, 'ca-source', {
    ...{ survey: call, prepareIssuer: call, setIssuing: call, switchDefault: call, moveRole: call },
    ...{ withdrawIssuer: call, outstanding: call, crl: call, issueLeaf: call },
  });
}
