import { parseArgs } from 'node:util';
import { PortError } from '#engine';
import { describeStartFailure, readConfig } from '#platform';
import type { Writers } from '../print-command.js';

const MIGRATE_USAGE = `windlass migrate

Brings the schema of the database that DATABASE_URL (or DATABASE_URL_FILE) names up to date, and ends. API and worker do
the same at their start, whoever comes first, and the others wait; a step of its own says before any of them is replaced
that it cannot be done.
`;

const OPTIONS = { help: { type: 'boolean', short: 'h' } } as const;

/** Returns the exit code: 0, 1 where the schema is not up to date, or 2 for words that make no sense. */
export async function migrateCommand(args: readonly string[], { print, complain }: Writers): Promise<number> {
  let help: boolean | undefined;
  try {
    help = parseArgs({ args: [...args], options: OPTIONS }).values.help;
  } catch (error) {
    complain(`windlass migrate: ${(error as Error).message}\n\n${MIGRATE_USAGE}`);
    return 2;
  }
  if (help) {
    print(MIGRATE_USAGE);
    return 0;
  }
  try {
    const names = await migrateNamed(process.env);
    for (const name of names) print(name);
    print(names.length === 0 ? 'The schema was up to date.' : 'The schema is up to date.');
    return 0;
  } catch (error) {
    complain(describeStartFailure(error).trimEnd());
    return 1;
  }
}

/** The database's parts are loaded where they are needed: they take longer than all of the rest. */
async function migrateNamed(env: Readonly<Record<string, string | undefined>>): Promise<readonly string[]> {
  const { databaseUrl } = readConfig(env);
  if (databaseUrl === null) throw noDatabase();
  const { migrate, openDataSource } = await import('#persistence');
  const dataSource = await openDataSource(databaseUrl.reveal(), {
    ...{ applicationName: 'windlass migrate', poolSize: 2 },
  });
  try {
    return await migrate(dataSource);
  } finally {
    await dataSource.destroy();
  }
}

function noDatabase(): PortError {
  return new PortError({
    code: 'config.invalid',
    message:
      'Neither DATABASE_URL nor DATABASE_URL_FILE is set, so there is no database to bring up to date.',
    nextStep:
      'Set one of them. An embedded PostgreSQL needs no such step: API and worker bring it up to date.',
  });
}
