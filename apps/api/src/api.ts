import 'reflect-metadata';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Installation } from '#installation';
import { DEFAULT_FOLDERS, Metrics, type OidcSettings, type Rates } from '#platform';
import { identify } from './access/identify.js';
import { OidcTokens } from './access/oidc-tokens.js';
import { throttle } from './access/throttle.js';
import type { ApiLog } from './api-log.js';
import { appModule } from './app.module.js';
import { serveConsole } from './console/serve-console.js';
import { Readiness } from './health/readiness.js';
import { type AllowedFolders, AllowedPaths } from './hosts/allowed-paths.js';
import { endConnections } from './http/end-connections.js';
import { FrameworkLog } from './http/framework-log.js';
import { refuseOtherMethods } from './http/other-methods.js';
import { readBody } from './http/read-body.js';
import { secureHeaders } from './http/secure-headers.js';
import { traceRequest } from './http/trace-request.js';
import { serveDocsPage } from './openapi/docs-page.js';
import { createDocument } from './openapi/document.js';
import { Documentation } from './openapi/documentation.controller.js';

export interface ApiOptions {
  /** Gets one line a request, and what broke. Never a body, a query or a header. */
  readonly log: ApiLog;
  /** No request is answered before; at once without it. */
  readonly opens?: Promise<void>;
  readonly rates: Rates;
  /** Whose tokens are good beside API keys; null: nobody's. */
  readonly oidc: OidcSettings | null;
  /** Where paths on hosts may lie; {@link DEFAULT_FOLDERS} without it. */
  readonly folders?: AllowedFolders;
  /** Where the built console lies, which is served at /console/; nowhere: it is not served. */
  readonly consoleFolder?: string;
  /** What /metrics shows; the figures of the installation without it. */
  readonly metrics?: Metrics;
}

/**
 * The HTTP API over an open installation, ready for `listen(port, host)`. `close()` ends its streams and requests;
 * the installation stays open, because it is its opener's.
 */
export async function createApi(
  installation: Installation,
  {
    log,
    opens,
    rates,
    oidc,
    consoleFolder,
    folders = DEFAULT_FOLDERS,
    metrics = metricsOf(installation),
  }: ApiOptions,
): Promise<INestApplication> {
  const app = await NestFactory.create<NestExpressApplication>(
    appModule(installation, log, { oidc, metrics, paths: new AllowedPaths(folders) }),
    { logger: new FrameworkLog(log), bodyParser: false, abortOnError: false },
  );
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple');
  app.use(traceRequest(log), secureHeaders(), endConnections(app.get(Readiness)));
  if (opens) app.use((_request: unknown, _response: unknown, next: () => void) => void opens.then(next));
  const tokens = oidc && new OidcTokens(oidc);
  app.use(['/v1', '/metrics'], identify(installation.records.apiKeys, tokens), ...throttle(rates));
  app.use(refuseOtherMethods());
  app.use('/v1', readBody());
  const document = createDocument(app);
  app.get(Documentation).document = document;
  serveDocsPage(app, document);
  if (consoleFolder !== undefined) serveConsole(app, consoleFolder);
  return app.init();
}

function metricsOf({ figures }: Installation): Metrics {
  return new Metrics(() => figures.read.read());
}
