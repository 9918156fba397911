import type { Rule } from '#nginx-audit';

/** The rules that policy/conftest speaks of. */
export const CONFTEST_RULES = [
  ...['verify-off', 'verify-optional', 'verify-optional-no-ca', 'guard-incomplete'],
  ...['bundle-missing', 'depth-too-small', 'depth-default', 'include-not-read', 'config-unreadable'],
  'suppression-without-reason',
] as const;

/** policy/conftest/rules.rego: the texts of the rule table, so that the policy says what the audit says. */
export function regoRules(rules: readonly Rule[]): string {
  const texts = CONFTEST_RULES.map((id) => {
    const rule = rules.find((one) => one.id === id);
    if (rule === undefined)
      throw new RangeError(`the rule table has no "${id}", which policy/conftest speaks of`);
    return `\t${JSON.stringify(id)}: {\n\t\t"matters": ${JSON.stringify(rule.matters)},\n\t\t"remedy": ${JSON.stringify(rule.remedy)},\n\t},`;
  });
  return [
    '# Made from the rule table in libs/nginx-audit/src/rules by `node dist/tools/audit-rules/main.js`; a test fails when',
    '# it is out of date.',
    'package nginx.rules',
    '',
    'texts := {',
    ...texts,
    '}',
    '',
  ].join('\n');
}
