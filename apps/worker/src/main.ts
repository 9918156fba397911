import { openInstallation } from '#installation';
import {
  collectEarly,
  createLogger,
  describeStartFailure,
  Metrics,
  readConfig,
  serveMetrics,
  startTracing,
} from '#platform';
import { startRetention } from './retention-sweep.js';
import { startWorker } from './worker.js';

collectEarly();
try {
  const config = readConfig(process.env);
  const log = createLogger('windlass-worker', config.logLevel);
  const traces = await startTracing('windlass-worker', config.tracing, log);
  const metrics = new Metrics();
  const { measure } = metrics;
  const installation = await openInstallation(config, log, { traces, measure });
  const { host, port } = config.metrics;
  const told = port === null ? null : await serveMetrics(metrics, host, port);
  const worker = await startWorker(installation, config.workerConcurrency, measure);
  const endRetention = startRetention(installation, config.retentionDays);
  log.info(
    {
      concurrency: config.workerConcurrency,
      ...(told ? { metrics: `http://${host}:${told.port}/metrics` } : {}),
    },
    'the worker is ready',
  );
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, async () => {
      log.info({ signal }, 'the worker finishes what it has begun; a second signal ends it at once');
      process.once(signal, () => process.exit(1));
      await Promise.all([worker.stop(), endRetention()]);
      await told?.close();
      await installation.close();
      await traces.stop();
      process.exit(0);
    });
  }
} catch (error) {
  process.stderr.write(describeStartFailure(error));
  process.exit(1);
}
