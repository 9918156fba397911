import { Redis } from 'ioredis';
import pg from 'pg';

/** Everything that was ever written to a queue, also what is long done and removed. */
export interface JobSpy {
  seen(): Promise<string>;
  stop(): Promise<void>;
}

/** Every command that reaches the Redis from now on. */
export async function spyOnRedis(url: string): Promise<JobSpy> {
  const client = new Redis(url);
  const monitor = await client.monitor();
  const commands: string[] = [];
  monitor.on('monitor', (_time: string, words: string[]) => void commands.push(words.join(' ')));
  return {
    seen: async () => commands.join('\n'),
    stop: async () => {
      monitor.disconnect();
      client.disconnect();
    },
  };
}

const SPY_SQL = `
CREATE TABLE public.seen_jobs (row text);
CREATE FUNCTION public.see_job() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN INSERT INTO public.seen_jobs VALUES (NEW::text); RETURN NULL; END $$;
CREATE TRIGGER seen AFTER INSERT OR UPDATE ON bullmq.job FOR EACH ROW EXECUTE FUNCTION public.see_job();
CREATE TRIGGER seen AFTER INSERT OR UPDATE ON bullmq.scheduler FOR EACH ROW EXECUTE FUNCTION public.see_job();`;

/** Every version of every job and schedule that BullMQ writes to its tables from now on. */
export async function spyOnPostgres(databaseUrl: string): Promise<JobSpy> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query(SPY_SQL);
  return {
    seen: async () => {
      const { rows } = await client.query<{ row: string }>('SELECT row FROM public.seen_jobs');
      return rows.map(({ row }) => row).join('\n');
    },
    stop: () => client.end(),
  };
}

/** Every row of every table as text, the queue's own schema too. */
export async function everyRow(databaseUrl: string): Promise<string> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const { rows: tables } = await client.query<{ name: string }>(
    `SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables
     WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')`,
  );
  const texts: string[] = [];
  for (const { name } of tables) {
    const { rows } = await client.query<{ row: string }>(`SELECT t::text AS row FROM ${name} t`);
    texts.push(...rows.map(({ row }) => row));
  }
  await client.end();
  return texts.join('\n');
}
