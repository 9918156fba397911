import type { NestExpressApplication } from '@nestjs/platform-express';
import { type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import type { NextFunction, Request, Response } from 'express';

/** Nothing from elsewhere, and no calls to elsewhere; Swagger UI needs inline styles and data: images. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
  "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Swagger UI at /docs, its files served from swagger-ui-dist on this machine. */
export function serveDocsPage(app: NestExpressApplication, document: OpenAPIObject): void {
  app.use('/docs', (_request: Request, response: Response, next: NextFunction) => {
    response.set('Content-Security-Policy', POLICY);
    next();
  });
  SwaggerModule.setup('docs', app, document, {
    raw: false,
    customSiteTitle: 'Windlass API',
    // Null: else the page would ask validator.swagger.io about every document that is not on localhost.
    swaggerOptions: { validatorUrl: null, persistAuthorization: false },
  });
}
