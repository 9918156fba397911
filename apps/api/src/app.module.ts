import { type DynamicModule, Module, type Type } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core';
import type { Installation } from '#installation';
import type { OidcSettings } from '#platform';
import { AccessGuard } from './access/access.guard.js';
import { FleetScope } from './access/fleet-scope.js';
import { SelfController } from './access/self.controller.js';
import type { ApiLog } from './api-log.js';
import { AuditController } from './audit/audit.controller.js';
import { AuditInterceptor } from './audit/audit-interceptor.js';
import { RequestAudit } from './audit/request-audit.js';
import { ClientsController } from './fleets/clients.controller.js';
import { CrlsController } from './fleets/crls.controller.js';
import { DriftController } from './fleets/drift.controller.js';
import { FleetsController } from './fleets/fleets.controller.js';
import { GivenIssuingCas } from './fleets/given-issuing-ca.js';
import { IssuingCaController } from './fleets/issuing-ca.controller.js';
import { UploadedCasController } from './fleets/uploaded-cas.controller.js';
import { HealthController } from './health/health.controller.js';
import { Readiness } from './health/readiness.js';
import type { AllowedPaths } from './hosts/allowed-paths.js';
import { HostsController } from './hosts/hosts.controller.js';
import { NothingStray } from './http/nothing-stray.js';
import { Once } from './http/once.interceptor.js';
import { ProblemFilter } from './http/problem-filter.js';
import { ReadTags } from './http/read-tags.js';
import { SchemaPipe } from './http/schema-pipe.js';
import { installationModule } from './installation.module.js';
import { ApiKeysController } from './keys/api-keys.controller.js';
import { PersonsOfKeys } from './keys/persons-of-keys.js';
import { Documentation, DocumentationController } from './openapi/documentation.controller.js';
import { FleetPreflightController } from './preflight/fleet-preflight.controller.js';
import { PreflightController } from './preflight/preflight.controller.js';
import { ProblemsController } from './problems/problems.controller.js';
import { EvidenceController } from './rotations/evidence.controller.js';
import { RotationEventsController } from './rotations/rotation-events.controller.js';
import { RotationVerbsController } from './rotations/rotation-verbs.controller.js';
import { RotationsController } from './rotations/rotations.controller.js';
import { SamplesController } from './samples/samples.controller.js';
import { AllSchedulesController } from './schedules/all-schedules.controller.js';
import { SchedulesController } from './schedules/schedules.controller.js';
import { WebhookDeliveriesController } from './webhooks/webhook-deliveries.controller.js';
import { WebhooksController } from './webhooks/webhooks.controller.js';

/** Everything that is served. */
export const CONTROLLERS: readonly Type[] = [
  FleetsController,
  IssuingCaController,
  UploadedCasController,
  HostsController,
  SamplesController,
  SchedulesController,
  AllSchedulesController,
  ClientsController,
  CrlsController,
  DriftController,
  FleetPreflightController,
  PreflightController,
  RotationsController,
  RotationVerbsController,
  RotationEventsController,
  EvidenceController,
  ApiKeysController,
  SelfController,
  AuditController,
  WebhooksController,
  WebhookDeliveriesController,
  HealthController,
  DocumentationController,
  ProblemsController,
];

@Module({
  controllers: [...CONTROLLERS],
  providers: [
    Documentation,
    GivenIssuingCas,
    FleetScope,
    Readiness,
    RequestAudit,
    { provide: APP_GUARD, useClass: AccessGuard },
    { provide: APP_PIPE, useClass: SchemaPipe },
    { provide: APP_FILTER, useClass: ProblemFilter },
    { provide: APP_INTERCEPTOR, useClass: AuditInterceptor },
    { provide: APP_INTERCEPTOR, useClass: NothingStray },
    { provide: APP_INTERCEPTOR, useClass: Once },
    { provide: APP_INTERCEPTOR, useClass: ReadTags },
  ],
})
class AppModule {}

/** The whole API over one installation. */
export function appModule(
  installation: Installation,
  log: ApiLog,
  { oidc, paths }: { readonly oidc: OidcSettings | null; readonly paths: AllowedPaths },
): DynamicModule {
  const persons = { provide: PersonsOfKeys, useValue: new PersonsOfKeys(oidc?.issuer ?? null) };
  return { module: AppModule, imports: [installationModule(installation, log, paths)], providers: [persons] };
}
