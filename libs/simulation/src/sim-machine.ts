import { HostScripts } from './host-scripts.js';
import { SimHost } from './sim-host.js';

/** A host, and the scripts that run on it. */
export class SimMachine extends SimHost {
  override readonly scripts: HostScripts = new HostScripts(this);
}
