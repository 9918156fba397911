import { isTooLarge } from '../config-view.js';
import { MISSING_INCLUDE } from '../include-tree.js';
import { nginxDocs, type Rule } from '../rule.js';
import type { Suppression } from '../suppression.js';

const unreadable: Rule = {
  id: 'config-unreadable',
  title: 'A part of the configuration cannot be read',
  severity: 'error',
  does: 'nginx -t fails at the first such place; a reload keeps the old configuration, and a restart leaves nginx down.',
  matters: 'What stands there, and sometimes what follows, was not audited.',
  remedy: 'Mend it; nginx -t shows the next one.',
  references: [
    {
      title: 'nginx: configuration file',
      url: 'https://nginx.org/en/docs/beginners_guide.html#conf_structure',
    },
  ],
  *check(view) {
    for (const { message, ...at } of view.config.problems)
      if (!MISSING_INCLUDE.test(message)) yield { at, message };
    const [first] = view.servers;
    if (first !== undefined && isTooLarge(view)) {
      yield {
        at: first.directive,
        message: 'thousands of places inherit thousands of lines each: nothing was audited',
      };
    }
  },
};

const includeNotRead: Rule = {
  id: 'include-not-read',
  title: 'An included file is not at hand',
  severity: 'warning',
  does: 'What it says counts for nginx as if it stood in place of the include.',
  matters: 'A file that was not read may switch verification on or off.',
  remedy: 'Audit the output of nginx -T, or give the whole folder.',
  references: [nginxDocs('ngx_core_module', 'include')],
  *check({ config }) {
    for (const { message, ...at } of config.problems)
      if (MISSING_INCLUDE.test(message)) yield { at, message };
  },
};

/** The same for whatever has comments. */
export const SUPPRESSION_WITHOUT_REASON: Rule<{ readonly suppressions: readonly Suppression[] }> = {
  id: 'suppression-without-reason',
  title: 'A suppression gives no reason',
  severity: 'error',
  does: 'nginx and Kubernetes read comments as nothing; Windlass takes # windlass-ignore rule: reason for an accepted finding.',
  matters:
    'In a year nobody knows whether the reason still holds. Without one the finding is not suppressed.',
  remedy: 'Write the reason behind a colon.',
  references: [
    {
      title: 'GitHub: reasons for dismissing an alert',
      url: 'https://docs.github.com/en/code-security/code-scanning/managing-code-scanning-alerts/resolving-code-scanning-alerts',
    },
  ],
  *check({ suppressions }) {
    for (const { reason, rules, file, line, column } of suppressions) {
      if (reason !== '') continue;
      yield { at: { file, line, column }, message: `why is ${rules.join(', ')} accepted here?` };
    }
  },
};

export const READING_RULES: readonly Rule[] = [unreadable, includeNotRead, SUPPRESSION_WITHOUT_REASON];
