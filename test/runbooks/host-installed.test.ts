import { execFileSync } from 'node:child_process';
import { furnishInstallerPlaces, type TestHost } from '#kit';
import { INCIDENTS } from './host-installed.incidents.js';
import { actOutAll } from './incident.js';

const MAIN = 'dist/apps/cli/src/main.js';

function install(host: TestHost): void {
  furnishInstallerPlaces(host);
  const asked = ['host', 'installer', '--user', 'windlass', '--path', host.managedPath];
  host.writeFile('run/installer', execFileSync(process.execPath, [MAIN, ...asked], { encoding: 'utf8' }));
  host.exec('sh /run/installer');
}

actOutAll(
  'a host without root',
  { spareAnchors: 3, prepare: install, host: () => ({ user: 'windlass', access: 'installed' }) },
  INCIDENTS,
);
