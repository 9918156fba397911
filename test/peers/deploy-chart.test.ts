import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkov, deployCheck, validateManifests } from '#kit';
import { CONFIG_VARIABLES } from '#platform';
import { scanCommand } from '../../apps/cli/src/scan/scan-command.js';
import { CHART, type Manifest, manifestsIn, type PodSpec, podsOf, renderChart } from './deploy-chart.js';

const OURS = new Set([...CONFIG_VARIABLES, 'NODE_ENV']);
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'windlass-chart-'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The rules of Checkov that each set of values breaks: how the image is named, and a NetworkPolicy that is switched off. */
const SETS = [
  ['required', ['CKV_K8S_15', 'CKV_K8S_43']],
  ['everything', []],
  ['transit', ['CKV2_K8S_6', 'CKV_K8S_15', 'CKV_K8S_43']],
] as const;

describe.each(SETS)('the chart with the values "%s"', (values, broken) => {
  let text: string;
  let file: string;
  let manifests: readonly Manifest[];
  let pods: readonly (readonly [string, PodSpec])[];
  const podOf = (name: string): PodSpec => {
    const [, found] = pods.find(([known]) => known === name) ?? [];
    if (!found) throw new Error(`nothing makes a pod by the name ${name}`);
    return found;
  };

  beforeAll(async () => {
    text = await renderChart(values);
    file = path.join(folder, `${values}.yaml`);
    writeFileSync(file, text);
    manifests = manifestsIn(text);
    pods = podsOf(manifests);
  });

  it('is what Kubernetes takes, with no field that it does not have', async () => {
    const { code, stdout, stderr } = await validateManifests(file);
    expect(`${stdout}${stderr}`.split('\n').filter((line) => line !== '' && !/ passed /.test(line))).toEqual(
      [],
    );
    expect(code).toBe(0);
    expect(`${stdout}${stderr}`.match(/ passed /g)).toHaveLength(manifests.length);
  });

  it('puts everything into the namespace of the release', () => {
    for (const { metadata } of manifests) expect(metadata.namespace, metadata.name).toBe('pki');
  });

  it('makes no Secret, and gives pods theirs as files that others cannot read', () => {
    expect(manifests.filter(({ kind }) => kind === 'Secret')).toEqual([]);
    for (const [name, pod] of pods) {
      const variables = pod.containers.flatMap(({ env = [] }) => env);
      expect(
        variables.filter(({ valueFrom }) => valueFrom !== undefined),
        name,
      ).toEqual([]);
      for (const { projected } of pod.volumes ?? []) {
        if (projected) expect(projected).toMatchObject({ defaultMode: 0o440 });
      }
    }
  });

  it('runs as nobody, holds no right, and writes to /tmp alone', () => {
    expect(pods.length).toBeGreaterThanOrEqual(3);
    for (const [name, pod] of pods) {
      expect(pod.securityContext, name).toMatchObject({ runAsNonRoot: true, runAsUser: 10_001 });
      expect(pod.securityContext, name).toMatchObject({ seccompProfile: { type: 'RuntimeDefault' } });
      expect(pod.automountServiceAccountToken, name).toBe(false);
      for (const { securityContext } of pod.containers) {
        expect(securityContext, name).toEqual({
          ...{ allowPrivilegeEscalation: false, readOnlyRootFilesystem: true },
          capabilities: { drop: ['ALL'] },
        });
      }
    }
  });

  it('asks /livez and /readyz of the API', () => {
    const [api] = podOf('windlass-api').containers;
    expect(api).toMatchObject({
      livenessProbe: { httpGet: { path: '/livez', port: 'http' } },
      startupProbe: { httpGet: { path: '/livez', port: 'http' } },
      readinessProbe: { httpGet: { path: '/readyz', port: 'http' } },
      ports: [{ name: 'http', containerPort: 8080 }],
    });
  });

  it('sets variables that our configuration reads, and files for them that are mounted', () => {
    const config = manifests.find(({ kind }) => kind === 'ConfigMap')?.data ?? {};
    expect(Object.keys(config).filter((name) => !OURS.has(name))).toEqual([]);
    for (const [name, pod] of pods) {
      const mounted = new Set(
        JSON.stringify(pod.volumes ?? [])
          .match(/"path":"[^"]+"/g)
          ?.map((found) => `/run/secrets/windlass/${found.slice(8, -1)}`),
      );
      for (const { env = [], volumeMounts = [] } of pod.containers) {
        expect(
          env.map((one) => one.name).filter((one) => !OURS.has(one)),
          name,
        ).toEqual([]);
        const files = env.filter((one) => one.name.endsWith('_FILE')).map((one) => one.value ?? '');
        expect(
          files.filter((one) => !mounted.has(one)),
          name,
        ).toEqual([]);
        expect(files.length > 0).toBe(volumeMounts.some((one) => one.mountPath === '/run/secrets/windlass'));
      }
    }
  });

  it.each(['windlass-api', 'windlass-worker'])('gives %s a database and what opens its secrets', (name) => {
    const given = podOf(name).containers.flatMap(({ env = [] }) => env.map((one) => one.name));
    expect(given).toContain('DATABASE_URL_FILE');
    expect(given).toContain(
      values === 'transit' ? 'WINDLASS_TRANSIT_TOKEN_FILE' : 'WINDLASS_MASTER_KEY_FILE',
    );
    expect(given.includes('WINDLASS_ADMIN_KEY_FILE')).toBe(name === 'windlass-api');
  });

  it('lets nobody begin to talk with workers and migrations, and the test of the release ask the API', () => {
    const policies = manifests.filter(({ kind }) => kind === 'NetworkPolicy');
    if (values === 'transit') return expect(policies).toEqual([]);
    const [all, api] = policies.map(({ spec }) => spec);
    expect(all).toMatchObject({ ingress: [], policyTypes: ['Ingress', 'Egress'] });
    expect(all).toMatchObject({
      podSelector: { matchExpressions: [{ operator: 'In', values: ['api', 'worker', 'migrate'] }] },
    });
    expect(api).toMatchObject({
      podSelector: { matchLabels: { 'app.kubernetes.io/component': 'api' } },
      ingress: [{ from: [{ podSelector: { matchLabels: { 'app.kubernetes.io/component': 'test' } } }, {}] }],
    });
  });

  it('has workers tell their metrics where a port is named, to whom the values name and to nobody else', () => {
    const [worker] = podOf('windlass-worker').containers;
    const open = manifests.filter(
      ({ kind, metadata }) => kind === 'NetworkPolicy' && metadata.name === 'windlass-worker',
    );
    if (values !== 'everything') return expect([worker?.ports, open]).toEqual([undefined, []]);
    expect(worker?.env).toEqual(
      expect.arrayContaining([
        { name: 'WINDLASS_METRICS_HOST', value: '0.0.0.0' },
        { name: 'WINDLASS_METRICS_PORT', value: '9464' },
      ]),
    );
    expect(worker?.ports).toEqual([{ name: 'metrics', containerPort: 9464 }]);
    const monitoring = { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } };
    expect(open.map(({ spec }) => spec)).toMatchObject([
      {
        podSelector: { matchLabels: { 'app.kubernetes.io/component': 'worker' } },
        ingress: [
          { ports: [{ protocol: 'TCP', port: 'metrics' }], from: [{ namespaceSelector: monitoring }] },
        ],
      },
    ]);
  });

  it('starts programs whose source is there', () => {
    const programs = pods.flatMap(([, pod]) =>
      pod.containers.flatMap(({ command }) => command.filter((word) => word.startsWith('dist/'))),
    );
    expect(programs.length).toBeGreaterThanOrEqual(2);
    for (const program of programs) {
      expect(readFileSync(program.replace(/^dist\//, '').replace(/\.js$/, '.ts'), 'utf8')).not.toBe('');
    }
  });

  it('gets no word from our own scan', async () => {
    const lines: string[] = [];
    const code = await scanCommand(
      [file],
      (line) => lines.push(line),
      (line) => lines.push(line),
    );
    expect([code, lines]).toEqual([0, ['clean']]);
  });

  it('breaks no rule of Checkov but those that the values ask for', async () => {
    const { stdout } = await checkov(['--framework', 'kubernetes', '--output', 'json', '-f', file]);
    const { results, summary } = JSON.parse(stdout) as {
      results: { failed_checks: { check_id: string }[] };
      summary: { passed: number };
    };
    expect(summary.passed).toBeGreaterThan(100);
    const named = new Set(results.failed_checks.map(({ check_id }) => check_id));
    expect([...named].sort()).toEqual(broken);
  });
});

describe('values that make no sense', () => {
  const refusal = async (name: string, content: string): Promise<string> => {
    const file = path.join(folder, `${name}.yaml`);
    writeFileSync(file, content);
    const { code, stderr } = await deployCheck(['chart', CHART, `${CHART}/ci/required.yaml`, file]);
    return code === 0 ? 'taken' : stderr;
  };

  it('says what is needed where nothing is said', async () => {
    const { code, stderr } = await deployCheck(['chart', CHART]);
    expect(code).toBe(1);
    for (const needed of [
      '/database/existingSecret',
      '/adminKey/existingSecret',
      '/masterKey/existingSecret',
    ]) {
      expect(stderr).toContain(needed);
    }
  });

  it.each([
    ['a secret among what is not', 'config: { DATABASE_URL: "postgresql://a:b@c/d" }', "'DATABASE_URL'"],
    [
      'credentials of a collector among what is no secret',
      'config: { OTEL_EXPORTER_OTLP_HEADERS: "authorization=Bearer abc" }',
      "'OTEL_EXPORTER_OTLP_HEADERS'",
    ],
    ['a word that the chart does not know', 'apj: { replicas: 2 }', "'apj'"],
    ['an Ingress without TLS', 'ingress: { enabled: true, host: a.example }', '/ingress/tlsSecret'],
    [
      'transit beside a master key',
      'transit: { key: k, address: "https://v", existingSecret: t }',
      '/masterKey',
    ],
    ['more seconds to drain than the API takes', 'api: { drainSeconds: 301 }', '/api/drainSeconds'],
  ])('refuses %s, and names the value', async (_, content, named) => {
    expect(await refusal('odd', content)).toContain(named);
  });

  it('keeps every variable that the chart sets, or that is a secret, out of `config`', () => {
    const schema = JSON.parse(readFileSync(`${CHART}/values.schema.json`, 'utf8'));
    const kept: string[] = schema.properties.config.propertyNames.not.enum;
    // Headers are credentials of a collector; OpenTelemetry reads them by itself.
    expect(kept.filter((name) => !OURS.has(name) && !/^OTEL_.*_HEADERS$/.test(name))).toEqual([]);
    expect(
      CONFIG_VARIABLES.filter(
        (name) => /(_URL|_KEYS?|_TOKEN|SECRET_ID)(_FILE)?$/.test(name) && !kept.includes(name),
      ),
    ).toEqual([]);
  });
});
