import { loadAll, YAML11_SCHEMA } from 'js-yaml';
import { deployCheck } from '#kit';

export const CHART = 'deploy/helm/windlass';

export interface EnvVariable {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: unknown;
}

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly command: readonly string[];
  readonly env?: readonly EnvVariable[];
  readonly envFrom?: readonly unknown[];
  readonly securityContext?: Readonly<Record<string, unknown>>;
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string }[];
  readonly [field: string]: unknown;
}

export interface PodSpec {
  readonly containers: readonly Container[];
  readonly securityContext: Readonly<Record<string, unknown>>;
  readonly automountServiceAccountToken: boolean;
  readonly volumes?: readonly Readonly<Record<string, unknown>>[];
}

export interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly data?: Readonly<Record<string, string>>;
  readonly spec?: PodSpec & { readonly template?: { readonly spec: PodSpec } } & Readonly<
      Record<string, unknown>
    >;
}

/** The chart with the values of ci/`values`.yaml, as text of many documents. Throws an Error with what Helm's engine said. */
export async function renderChart(values: string): Promise<string> {
  const { code, stdout, stderr } = await deployCheck(['chart', CHART, `${CHART}/ci/${values}.yaml`]);
  if (code !== 0) throw new Error(stderr);
  const templates = Object.entries(JSON.parse(stdout) as Record<string, string>);
  const manifests = templates.filter(([name]) => name.endsWith('.yaml') && !name.includes('/ci/'));
  return manifests.map(([, text]) => text).join('\n---\n');
}

export function manifestsIn(text: string): readonly Manifest[] {
  const documents = loadAll(text, { schema: YAML11_SCHEMA }) as readonly (Manifest | null | undefined)[];
  return documents.filter((document) => document !== null && document !== undefined);
}

/** Everything that becomes a pod, with the name of what makes it. */
export function podsOf(manifests: readonly Manifest[]): readonly (readonly [string, PodSpec])[] {
  return manifests.flatMap(({ kind, metadata, spec }) => {
    const pod = kind === 'Pod' ? spec : spec?.template?.spec;
    return pod ? [[metadata.name, pod] as const] : [];
  });
}
