import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { load } from 'js-yaml';
import {
  type Monitor,
  makeCa,
  startAlertmanager,
  startBlackboxExporter,
  startPrometheus,
  startWebhookReceiver,
  type TestHost,
  type WebhookReceiver,
} from '#kit';
import { Metrics, type MetricsServer, serveMetrics } from '#platform';
import { repositoryRoot } from '../kit/repository-root.js';
import { ServedFleet } from './served-fleet.js';
import { newVaultClient } from './vault-clients.js';

// biome-ignore lint/suspicious/noExplicitAny: what is shipped is changed where its addresses and times are another's.
type Shipped = any;

const policy = path.join(repositoryRoot(), 'policy/prometheus');
const shipped = (name: string): Shipped => load(readFileSync(path.join(policy, name), 'utf8'));

/** An alert as Alertmanager sends it. */
export interface SentAlert {
  readonly status: 'firing' | 'resolved';
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** What policy/prometheus ships, by its real programs, over a fleet: only addresses, files and intervals are others. */
export class MonitoredFleet {
  private constructor(
    readonly served: ServedFleet,
    private readonly work: MetricsServer,
    private readonly folder: string,
    private readonly monitors: readonly Monitor[],
    private readonly prometheus: Monitor,
    readonly receiver: WebhookReceiver,
  ) {}

  /** `setUp` makes the PKI of the fleet; `more`: rules beside those that are shipped. */
  static async open(
    setUp: Parameters<typeof ServedFleet.open>[2],
    more: readonly object[] = [],
  ): Promise<MonitoredFleet> {
    const metrics = new Metrics();
    const served = await ServedFleet.open(1, { measure: metrics.measure }, setUp);
    const work = await serveMetrics(metrics, '127.0.0.1', 0);
    const folder = mkdtempSync(path.join(tmpdir(), 'windlass-monitored-'));
    const receiver = await startWebhookReceiver();
    const blackbox = await startBlackboxExporter(await clientOf(served, folder));
    const alertmanager = await startAlertmanager(await routeTo(receiver, served, folder));
    const rules = path.join(folder, 'more.rules.json');
    writeFileSync(rules, JSON.stringify({ groups: [{ name: 'more', rules: more }] }));
    await keyIn(path.join(folder, 'windlass.key'), served, 'viewer');
    const prometheus = await startPrometheus(
      scraping({ served, work, folder, rules, blackbox, alertmanager: alertmanager.address }),
    );
    return new MonitoredFleet(
      served,
      work,
      folder,
      [prometheus, alertmanager, blackbox],
      prometheus,
      receiver,
    );
  }

  /** What has been sent so far of the alert. */
  sent(alertname: string): readonly SentAlert[] {
    const groups = this.receiver.received.map(({ body }) => JSON.parse(body));
    return groups.flatMap(({ alerts }) => alerts).filter(({ labels }) => labels.alertname === alertname);
  }

  /** The values of an instant query, by Prometheus itself. */
  async query(expr: string): Promise<readonly number[]> {
    const { data } = await this.ask(`/api/v1/query?query=${encodeURIComponent(expr)}`);
    return data.result.map(({ value }: Shipped) => Number(value[1]));
  }

  /** State of an alert rule, and how Prometheus fares with it. */
  async rule(name: string): Promise<{ readonly state: string; readonly health: string }> {
    const { data } = await this.ask('/api/v1/rules?type=alert');
    const { state, health } = data.groups
      .flatMap(({ rules }: Shipped) => rules)
      .find((rule: Shipped) => rule.name === name);
    return { state, health };
  }

  async stop(): Promise<void> {
    await Promise.all(this.monitors.map((one) => one.stop()));
    await this.receiver.stop();
    await this.work.close();
    await this.served.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async ask(question: string): Promise<Shipped> {
    return (await fetch(this.prometheus.url + question)).json();
  }
}

/** A server certificate that lives long, of a CA that nothing else knows. Returns that CA. */
async function dressServer(host: TestHost): Promise<string> {
  const year = Date.now() + 365 * 86_400_000;
  const ca = await makeCa({ commonName: 'A CA of servers', notAfter: 10 * year });
  const server = await ca.issueClient({
    ...{ commonName: 'edge.test', dnsNames: ['edge.test'], notAfter: year },
    extendedKeyUsages: ['1.3.6.1.5.5.7.3.1'],
  });
  host.writeFile('etc/nginx/tls/server.pem', server.certificatePem);
  host.writeFile('etc/nginx/tls/server.key', server.privateKeyPem);
  host.restartNginx();
  return ca.certificatePem;
}

async function clientOf(served: ServedFleet, folder: string): Promise<object> {
  const [host] = served.hosts;
  if (host === undefined) throw new Error('the fleet has no host');
  const client = await newVaultClient(served);
  const files = {
    ca_file: await dressServer(host),
    cert_file: client.certificatePem,
    key_file: client.privateKey.reveal(),
  };
  const config = shipped('blackbox.yml');
  const tls = config.modules.nginx_mtls.http.tls_config;
  tls.server_name = 'edge.test';
  for (const [name, content] of Object.entries(files)) {
    tls[name] = path.join(folder, name);
    writeFileSync(tls[name], content, { mode: 0o600 });
  }
  return config;
}

async function keyIn(file: string, served: ServedFleet, role: 'viewer' | 'operator'): Promise<string> {
  const { key } = await served.api.installation.records.apiKeys.create(role, `monitoring, ${role}`);
  writeFileSync(file, key, { mode: 0o600 });
  return file;
}

/** As it is shipped, and the receiver of docs/alerts.md that asks Windlass to rotate. */
async function routeTo({ port }: WebhookReceiver, served: ServedFleet, folder: string): Promise<object> {
  const config = shipped('alertmanager.yml');
  const soon = { group_wait: '1s', group_interval: '1s', repeat_interval: '1h' };
  Object.assign(config.route, soon);
  for (const route of config.route.routes) Object.assign(route, soon);
  for (const { name, webhook_configs: hooks } of config.receivers) {
    for (const hook of hooks) hook.url = `http://127.0.0.1:${port}/${name}`;
  }
  const key = await keyIn(path.join(folder, 'operator.key'), served, 'operator');
  const asks = { receiver: 'windlass', matchers: ['windlass_action = rotate'], continue: true };
  config.route.routes.unshift({ ...asks, ...soon, repeat_interval: '1s' });
  config.receivers.push({
    name: 'windlass',
    webhook_configs: [
      {
        ...{ url: `${served.api.url}/v1/alertmanager`, send_resolved: false },
        http_config: { authorization: { credentials_file: key } },
      },
    ],
  });
  return config;
}

interface Places {
  readonly served: ServedFleet;
  readonly work: MetricsServer;
  readonly folder: string;
  readonly rules: string;
  readonly blackbox: Monitor;
  readonly alertmanager: string;
}

function scraping({ served, work, folder, rules, blackbox, alertmanager }: Places): object {
  const config = shipped('prometheus.yml');
  config.global = { scrape_interval: '1s', evaluation_interval: '1s' };
  config.rule_files = [path.join(policy, 'windlass.rules.yml'), rules];
  config.alerting.alertmanagers[0].static_configs[0].targets = [alertmanager];
  const job = (name: string) => config.scrape_configs.find((one: Shipped) => one.job_name === name);
  job('windlass-api').authorization.credentials_file = path.join(folder, 'windlass.key');
  job('windlass-api').static_configs[0].targets = [served.api.url.replace('http://', '')];
  job('windlass-worker').static_configs[0].targets = [`127.0.0.1:${work.port}`];
  const [host] = served.hosts;
  job('nginx-mtls').static_configs[0].targets = [`https://${host?.address}:${host?.httpsPort}/`];
  job('nginx-mtls').relabel_configs.at(-1).replacement = blackbox.address;
  return config;
}
