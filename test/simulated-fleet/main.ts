import { readFileSync } from 'node:fs';
import { HOST_LATENCIES } from './host-latencies.js';
import { SimulatedFleet } from './simulated-fleet.js';

/** A simulated fleet as a process of its own: started by start.ts, which says what the arguments are. */
const [count = '1', bundle = '', seed = '1', pace = 'real'] = process.argv.slice(2);
const fleet = await SimulatedFleet.start({
  ...{ hosts: Number(count), bundlePem: readFileSync(bundle, 'utf8'), seed: Number(seed) },
  latencies: pace === 'real' ? HOST_LATENCIES : {},
});
process.on('message', () => {
  const { ssh, tls } = fleet;
  process.send?.({
    ...{ channels: ssh.channels, mostChannels: ssh.mostChannels, handshakes: tls.handshakes },
    steps: Object.fromEntries(ssh.steps),
  });
});
process.once('disconnect', () => process.exit(0));
process.stdout.write(
  `${JSON.stringify({ addresses: [...fleet.hosts.keys()], ports: fleet.ports, keys: fleet.keys })}\n`,
);
