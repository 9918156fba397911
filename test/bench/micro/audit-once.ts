import { auditConfig } from '#nginx-audit';
import { ConfigFiles } from '../../../apps/cli/src/audit/config-files.js';
import { certificateFiles } from '../../../apps/cli/src/findings/certificate-files.js';

/**
 * `node audit-once.js FILE`: one audit as `windlass audit FILE` does it, in a process that has done nothing before.
 * Prints the seconds of reading and of judging, and what came of it, as one line of JSON.
 */
const [main = ''] = process.argv.slice(2);
const started = performance.now();
const files = new ConfigFiles(null);
const { config } = files.read(main);
const read = performance.now();
const trustFiles = certificateFiles((file) => files.text(file), Date.now());
const findings = auditConfig(config, { trustFiles });
const judged = performance.now();
process.stdout.write(
  `${JSON.stringify({
    ...{ readSeconds: (read - started) / 1_000, seconds: (judged - started) / 1_000 },
    ...{ problems: config.problems.length, files: config.files.length, findings: findings.length },
  })}\n`,
);
