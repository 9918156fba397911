import { MANIFEST_RULES, scanManifests } from '#nginx-audit';
import { certificateFiles } from '../findings/certificate-files.js';
import { baselineIn, conclude, withComplaints } from '../findings/conclude.js';
import { manifestFiles } from './manifest-files.js';
import { SCAN_USAGE, scanOptions } from './options.js';

const TOOL = {
  name: 'windlass scan',
  rules: MANIFEST_RULES,
  documentation: 'docs/scan-rules.md',
  canMend: false,
};

/** Returns the exit code: 0 when there is nothing to say, 1 when it could not be asked, 2 for findings. */
export function scanCommand(
  args: readonly string[],
  print: (line: string) => void,
  complain: (line: string) => void,
): number {
  return withComplaints('windlass scan', SCAN_USAGE, complain, () => {
    const known = MANIFEST_RULES.map(({ id }) => id);
    const options = scanOptions(args, known);
    if (options === null) {
      print(SCAN_USAGE);
      return 0;
    }
    const baseline = baselineIn(options);
    const files = manifestFiles(options.paths);
    const findings = scanManifests(files, (text) => certificateFiles(text, Date.now()));
    return conclude(findings, { texts: files, baseline, options }, TOOL, print);
  });
}
