import { type DynamicModule, Global, Module, type ValueProvider } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import {
  AuditLog,
  CaLogins,
  CaUploads,
  ChainVerifier,
  ClientsOfFleet,
  Clock,
  CrlsOfFleet,
  DriftOfFleet,
  FleetPreflight,
  Journal,
  RotationCommands,
  RotationPlans,
  Schedules,
  Wakeups,
  WebhookSender,
} from '#engine';
import type { Installation } from '#installation';
import {
  ApiKeys,
  AuditRecords,
  FleetRecords,
  HostRecords,
  IdempotentRequests,
  RotationRecords,
  SampleRecords,
  ScheduleRecords,
  WebhookDeliveries,
  WebhookEndpoints,
} from '#persistence';
import { API_LOG, type ApiLog } from './api-log.js';
import { AllowedPaths } from './hosts/allowed-paths.js';
import { PROBE_REACH } from './hosts/probe-reach.js';

@Global()
@Module({})
class InstallationModule {}

/** Gives the controllers the parts of an installation that was opened, and will be closed, by somebody else. */
export function installationModule(
  installation: Installation,
  log: ApiLog,
  paths: AllowedPaths,
): DynamicModule {
  const { dataSource } = installation;
  const providers = [...providersOf(installation, log), { provide: AllowedPaths, useValue: paths }];
  const typeOrm = TypeOrmModule.forRootAsync({
    useFactory: () => ({ ...dataSource.options, retryAttempts: 0 }),
    dataSourceFactory: async () => borrowed(dataSource),
  });
  return {
    module: InstallationModule,
    imports: [typeOrm],
    providers,
    exports: [TypeOrmModule, ...providers.map(({ provide }) => provide)],
  };
}

function providersOf(
  { parts, auditLog, caLogins, uploads, commands, schedules, webhooks, records, reach }: Installation,
  log: ApiLog,
): ValueProvider[] {
  return [
    { provide: API_LOG, useValue: log },
    { provide: AuditLog, useValue: auditLog },
    { provide: PROBE_REACH, useValue: reach },
    { provide: CaLogins, useValue: caLogins },
    { provide: CaUploads, useValue: new CaUploads({ ...parts, uploads }) },
    { provide: ChainVerifier, useValue: parts.verifier },
    { provide: Clock, useValue: parts.clock },
    { provide: ClientsOfFleet, useValue: new ClientsOfFleet(parts) },
    { provide: CrlsOfFleet, useValue: new CrlsOfFleet(parts) },
    { provide: DriftOfFleet, useValue: new DriftOfFleet(parts) },
    { provide: FleetPreflight, useValue: new FleetPreflight(parts) },
    { provide: Journal, useValue: parts.journal },
    { provide: Wakeups, useValue: parts.wakeups },
    { provide: RotationCommands, useValue: commands },
    { provide: RotationPlans, useValue: new RotationPlans(parts) },
    { provide: Schedules, useValue: schedules },
    { provide: FleetRecords, useValue: records.fleets },
    { provide: HostRecords, useValue: records.hosts },
    { provide: SampleRecords, useValue: records.samples },
    { provide: ScheduleRecords, useValue: records.schedules },
    { provide: RotationRecords, useValue: records.rotations },
    { provide: ApiKeys, useValue: records.apiKeys },
    { provide: AuditRecords, useValue: records.audit },
    { provide: IdempotentRequests, useValue: records.idempotentRequests },
    { provide: WebhookSender, useValue: webhooks.sender },
    { provide: WebhookEndpoints, useValue: records.webhooks },
    { provide: WebhookDeliveries, useValue: records.deliveries },
  ];
}

/** The same data source, which TypeOrmModule cannot destroy when the API closes: a worker may still use it. */
function borrowed(dataSource: DataSource): DataSource {
  return new Proxy(dataSource, {
    get: (target, name, receiver) =>
      name === 'destroy' ? async () => undefined : Reflect.get(target, name, receiver),
  });
}
