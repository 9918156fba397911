import { existsSync } from 'node:fs';
import { join, sep } from 'node:path';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Request, RequestHandler, Response } from 'express';
import { compressedBeside } from './compressed-beside.js';

/**
 * Scripts, fonts and requests from here alone. The component library writes style elements, which nothing but
 * 'unsafe-inline' allows; a style cannot read the key.
 */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
  "font-src 'self'; worker-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const NOT_BUILT =
  'The console is not built here. Run `npm run build` where the API was installed, and start it again.\n';
/** Their names have a hash of what is in them. */
const ASSETS = `${sep}assets${sep}`;

/** The console at /console/, from the folder that its build left; `/` leads there. */
export function serveConsole(app: NestExpressApplication, folder: string): void {
  const page = join(folder, 'index.html');
  const built = existsSync(page);
  app.use(/^\/$/, (_request: Request, response: Response) => response.redirect(302, '/console/'));
  app.use('/console', withPolicy, compressedBeside(folder));
  app.useStaticAssets(folder, {
    ...{ prefix: '/console/', index: false, redirect: false },
    setHeaders: (response: Response, path: string) => {
      response.set(
        'Cache-Control',
        path.includes(ASSETS) ? 'public, max-age=31536000, immutable' : 'no-cache',
      );
    },
  });
  app.use('/console', built ? drawnBy(page) : sayNotBuilt);
}

/** Every address below /console/ is one of the pages that index.html draws; an asset that is gone is none. */
function drawnBy(page: string): RequestHandler {
  return ({ method, path }, response, next) => {
    if (path.startsWith('/assets/') || (method !== 'GET' && method !== 'HEAD')) next();
    else response.set('Cache-Control', 'no-cache').sendFile(page);
  };
}

const withPolicy: RequestHandler = (_request, response, next) => {
  response.set('Content-Security-Policy', POLICY);
  next();
};

const sayNotBuilt: RequestHandler = (_request, response) => {
  response.status(503).type('text/plain').send(NOT_BUILT);
};
