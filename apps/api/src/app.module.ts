import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core';
import type { Installation } from '#installation';
import type { ApiLog } from './api-log.js';
import { ClientsController } from './fleets/clients.controller.js';
import { CrlsController } from './fleets/crls.controller.js';
import { DriftController } from './fleets/drift.controller.js';
import { FleetsController } from './fleets/fleets.controller.js';
import { GivenIssuingCas } from './fleets/given-issuing-ca.js';
import { IssuingCaController } from './fleets/issuing-ca.controller.js';
import { UploadedCasController } from './fleets/uploaded-cas.controller.js';
import { HealthController } from './health/health.controller.js';
import type { AllowedPaths } from './hosts/allowed-paths.js';
import { HostsController } from './hosts/hosts.controller.js';
import { ApiKeyGuard } from './http/api-key.guard.js';
import { NothingStray } from './http/nothing-stray.js';
import { ProblemFilter } from './http/problem-filter.js';
import { SchemaPipe } from './http/schema-pipe.js';
import { installationModule } from './installation.module.js';
import { ApiKeysController } from './keys/api-keys.controller.js';
import { Documentation, DocumentationController } from './openapi/documentation.controller.js';
import { FleetPreflightController } from './preflight/fleet-preflight.controller.js';
import { PreflightController } from './preflight/preflight.controller.js';
import { RotationEventsController } from './rotations/rotation-events.controller.js';
import { RotationVerbsController } from './rotations/rotation-verbs.controller.js';
import { RotationsController } from './rotations/rotations.controller.js';
import { SamplesController } from './samples/samples.controller.js';
import { SchedulesController } from './schedules/schedules.controller.js';

@Module({
  controllers: [
    FleetsController,
    IssuingCaController,
    UploadedCasController,
    HostsController,
    SamplesController,
    SchedulesController,
    ClientsController,
    CrlsController,
    DriftController,
    FleetPreflightController,
    PreflightController,
    RotationsController,
    RotationVerbsController,
    RotationEventsController,
    ApiKeysController,
    HealthController,
    DocumentationController,
  ],
  providers: [
    Documentation,
    GivenIssuingCas,
    { provide: APP_GUARD, useClass: ApiKeyGuard },
    { provide: APP_PIPE, useClass: SchemaPipe },
    { provide: APP_FILTER, useClass: ProblemFilter },
    { provide: APP_INTERCEPTOR, useClass: NothingStray },
  ],
})
class AppModule {}

/** The whole API over one installation. */
export function appModule(installation: Installation, log: ApiLog, paths: AllowedPaths): DynamicModule {
  return { module: AppModule, imports: [installationModule(installation, log, paths)] };
}
