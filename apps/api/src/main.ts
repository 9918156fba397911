import { setTimeout as sleep } from 'node:timers/promises';
import { PortError } from '#engine';
import { type Installation, openInstallation } from '#installation';
import {
  type Config,
  collectEarly,
  createLogger,
  describeStartFailure,
  Metrics,
  projectPath,
  readConfig,
  startTracing,
} from '#platform';
import { createApi } from './api.js';
import { Readiness } from './health/readiness.js';

collectEarly();
try {
  await serve(readConfig(process.env));
} catch (error) {
  process.stderr.write(describeStartFailure(error));
  process.exit(1);
}

async function serve(config: Config): Promise<void> {
  const log = createLogger('windlass-api', config.logLevel);
  const traces = await startTracing('windlass-api', config.tracing, log);
  const metrics = new Metrics(() => installation.figures.read.read());
  const { measure } = metrics;
  const installation: Installation = await openInstallation(config, log, { traces, measure });
  const doors = closedDoors();
  const app = await createApi(installation, {
    ...{ log, opens: doors.opens, folders: config, metrics },
    ...{ rates: config.rates, oidc: config.oidc, consoleFolder: projectPath('dist/apps/console') },
  });
  await app.listen(config.port, config.host).catch((error: unknown) => {
    throw cannotListen(error, config);
  });
  const generated = await installation.records.apiKeys.ensureAdminKey(config.adminKey?.reveal() ?? null);
  doors.open();
  if (generated !== null) printOnce(generated);
  log.info({ host: config.host, port: config.port }, 'the API is ready');
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, async () => {
      log.info({ signal }, 'the API answers what it has taken; a second signal ends it at once');
      process.once(signal, () => process.exit(1));
      app.get(Readiness).drain();
      // Whoever balances load needs time to ask again.
      await sleep(config.drainSeconds * 1_000);
      await app.close();
      await installation.close();
      await traces.stop();
      process.exit(0);
    });
  }
}

/** A process that cannot have its port must not change keys, so the port comes first; nobody gets in before the key. */
function closedDoors(): { readonly opens: Promise<void>; open(): void } {
  let open = () => {};
  const opens = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opens, open: () => open() };
}

/** On standard output and nowhere else: the log may be kept, and only a hash of the key is. */
function printOnce(key: string): void {
  process.stdout.write(`\nAdmin API key, shown this once: ${key}\n\n`);
}

function cannotListen(error: unknown, { host, port }: Config): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') {
    return new PortError({
      code: 'http.port-in-use',
      message: `Port ${port} of ${host} is in use already.`,
      nextStep: 'Stop what listens there, or choose another with PORT.',
    });
  }
  if (code === 'EACCES' || code === 'EADDRNOTAVAIL') {
    return new PortError({
      code: 'http.cannot-listen',
      message: `This process cannot listen on port ${port} of ${host} (${code}).`,
      nextStep: 'Choose another with HOST and PORT.',
    });
  }
  return error;
}
