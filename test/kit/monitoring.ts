import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { dump } from 'js-yaml';
import { freePort } from './free-port.js';

/** A program of Debian's Prometheus, on loopback, with a folder of its own that goes with it. */
export interface Monitor {
  /** Such as `http://127.0.0.1:40123`. */
  readonly url: string;
  /** `host:port`, as the others name it. */
  readonly address: string;
  stop(): Promise<void>;
}

const READY_MS = 60_000;

/** `config` is the content of prometheus.yml. */
export function startPrometheus(config: object): Promise<Monitor> {
  return start('prometheus', config, '/-/ready', (file, folder, address) => [
    ...[`--config.file=${file}`, `--storage.tsdb.path=${path.join(folder, 'data')}`],
    `--web.listen-address=${address}`,
  ]);
}

/** `config` is the content of alertmanager.yml. It looks for no others of its kind. */
export function startAlertmanager(config: object): Promise<Monitor> {
  return start('prometheus-alertmanager', config, '/-/ready', (file, folder, address) => [
    ...[`--config.file=${file}`, `--storage.path=${path.join(folder, 'data')}`],
    ...[`--web.listen-address=${address}`, '--cluster.listen-address='],
  ]);
}

/** `config` is the content of blackbox.yml. */
export function startBlackboxExporter(config: object): Promise<Monitor> {
  return start('prometheus-blackbox-exporter', config, '/-/healthy', (file, _folder, address) => [
    ...[`--config.file=${file}`, `--web.listen-address=${address}`],
  ]);
}

/** It dies with this process, however that ends. */
async function start(
  program: string,
  config: object,
  ready: string,
  argumentsOf: (file: string, folder: string, address: string) => readonly string[],
): Promise<Monitor> {
  const folder = mkdtempSync(path.join(tmpdir(), `windlass-${program}-`));
  const file = path.join(folder, 'config.yml');
  writeFileSync(file, dump(config));
  const address = `127.0.0.1:${await freePort()}`;
  const url = `http://${address}`;
  const args = ['--pdeathsig', 'KILL', program, ...argumentsOf(file, folder, address)];
  const child = spawn('setpriv', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    log = (log + chunk.toString()).slice(-4_000);
  });
  const stop = async () => {
    await killed(child);
    rmSync(folder, { recursive: true, force: true });
  };
  for (const deadline = Date.now() + READY_MS; !(await answers(url + ready)); await sleep(50)) {
    if (child.exitCode === null && Date.now() < deadline) continue;
    await stop();
    throw new Error(`${program} did not start: ${log}`);
  }
  return { url, address, stop };
}

async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );
}

/** Runs one of Debian's checkers of configurations: promtool, amtool, or an exporter that only checks. */
export async function checkedBy(
  program: string,
  args: readonly string[],
  input = '',
): Promise<{ readonly code: number | null; readonly said: string }> {
  const child = spawn(program, args);
  child.stdin.on('error', () => {}).end(input);
  const [out, err, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { code, said: `${out}${err}` };
}
