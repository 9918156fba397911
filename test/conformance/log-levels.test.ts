import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { repositoryRoot } from '../kit/repository-root.js';

/** Every place that logs an error, and what a person has to do then (docs/adr/0030). */
const ERRORS: Readonly<Record<string, string>> = {
  'apps/api/src/audit/request-audit.ts':
    'look what became of the request: its outcome is not in the audit log',
  'apps/api/src/http/framework-log.ts': 'report it: the framework failed',
  'apps/installation/src/storage.ts': 'give the missing master key',
  'libs/engine/src/log-trouble.ts': 'report it: a defect of ours',
  'libs/engine/src/runner/drive.ts': 'report it: a defect of ours in an effect',
  'libs/engine/src/webhooks/announcer.ts': 'run the release that wrote the journal',
  'libs/engine/src/webhooks/deliverer.ts': 'report it: a defect of ours in a delivery',
};

it('an error is logged only where a person must act', () => {
  const root = repositoryRoot();
  const files = ['apps', 'libs'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !name.includes('node_modules'))
      .map((name) => join(folder, name)),
  );
  const found = files.filter((file) =>
    /\b(log|apiLog|target)\.error\(/.test(readFileSync(join(root, file), 'utf8')),
  );
  expect(found.toSorted()).toEqual(Object.keys(ERRORS));
});
