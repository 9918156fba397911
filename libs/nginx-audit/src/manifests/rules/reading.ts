import type { Rule } from '../../rule.js';
import { SUPPRESSION_WITHOUT_REASON } from '../../rules/reading.js';
import type { ManifestView } from '../manifest-view.js';

type ManifestRule = Rule<ManifestView>;

const unreadable: ManifestRule = {
  id: 'manifest-unreadable',
  title: 'A manifest cannot be read',
  severity: 'error',
  does: 'kubectl refuses a document that is no YAML, and goes on with the others.',
  matters: 'What stands in that document was not looked at; the others were.',
  remedy: 'Mend it; kubectl apply --dry-run=client shows whether it can be read.',
  references: [{ title: 'YAML 1.2.2', url: 'https://yaml.org/spec/1.2.2/' }],
  *check({ problems }) {
    for (const { kind, message, ...at } of problems) if (kind === 'unreadable') yield { at, message };
  },
};

const template: ManifestRule = {
  id: 'manifest-template',
  title: 'A template stands where a manifest should',
  severity: 'warning',
  does: 'Helm fills in the templates of a chart before any controller sees them.',
  matters: 'What an annotation will be depends on the values; nothing of the template was looked at.',
  remedy: 'Render first: helm template CHART -f VALUES | windlass scan -',
  references: [{ title: 'Helm: helm template', url: 'https://helm.sh/docs/helm/helm_template/' }],
  *check({ problems }) {
    for (const { kind, message, ...at } of problems) if (kind === 'template') yield { at, message };
  },
};

export const MANIFEST_READING_RULES: readonly ManifestRule[] = [
  ...[unreadable, template, SUPPRESSION_WITHOUT_REASON],
];
