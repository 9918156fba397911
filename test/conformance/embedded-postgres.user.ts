import { startEmbeddedPostgres } from '#platform';

/**
 * One user of the embedded PostgreSQL, in a process of its own: takes the data folder as argument, prints the
 * address of the server, and leaves when its stdin ends. Compiled, it runs as any user of the machine.
 */
const [dataDir = ''] = process.argv.slice(2);
const log = {
  info: () => undefined,
  warn: (fields: object, message: string) => console.error(message, fields),
};
const postgres = await startEmbeddedPostgres({ dataDir, log, lingerMilliseconds: 500 });
console.log(postgres.url);
process.stdin.resume().once('end', () => postgres.close());
