import type { ConfirmReport, HostObservation, SwitchReport } from '#engine';

/** What the host script prints, as libs/host/src/reply.ts reads it; each line ends with a newline. */
type Lines = readonly string[];

const base64 = (text: string) => Buffer.from(text).toString('base64');

export function observationLines({ files, transaction, nginx, ...seen }: HostObservation): Lines {
  return [
    `clock ${seen.clock}`,
    ...files.flatMap(({ path, resolved, digest }) => [
      `file ${digest ?? '-'} ${path}`,
      `real ${resolved ?? ''}`,
    ]),
    ...(seen.liveContent === null ? [] : [`@live ${base64(seen.liveContent)}`]),
    `free ${Math.trunc(seen.freeBytes / 1024)}`,
    ...(transaction === null ? [] : transactionLines(transaction)),
    ...(nginx === null ? ['nginx none'] : nginxLines(nginx)),
  ];
}

function transactionLines({
  token,
  step,
  from,
  to,
  armedForMs,
}: NonNullable<HostObservation['transaction']>): Lines {
  const { installation, rotation, epoch, term, serial } = token;
  return [
    ...[`installation ${installation}`, `rotation ${rotation}`],
    ...[`epoch ${epoch}`, `term ${term}`, `serial ${serial}`],
    ...[`step ${step}`, `from ${from}`, `to ${to}`],
    ...armedLines(armedForMs),
  ];
}

function nginxLines({
  version,
  openssl,
  configDump,
  masterPid,
  workers,
}: NonNullable<HostObservation['nginx']>): Lines {
  return [
    ...[`nginx ${version}`, `openssl ${openssl}`, `@config ${base64(configDump)}`, `master ${masterPid}`],
    ...workers.map(
      ({ pid, ageSeconds, draining }) => `${draining ? 'drain' : 'worker'} ${pid} ${ageSeconds * 100}`,
    ),
  ];
}

export function switchLines({ digest, reloaded, workers, draining }: SwitchReport): Lines {
  return [
    ...[`digest ${digest}`, `reloaded ${reloaded ? 1 : 0}`],
    ...workers.map((pid) => `worker ${pid}`),
    ...draining.map((pid) => `drain ${pid}`),
  ];
}

export function confirmLines({ digest, armedForMs }: ConfirmReport): Lines {
  return [`digest ${digest}`, ...armedLines(armedForMs)];
}

function armedLines(armedForMs: number | null): Lines {
  return armedForMs === null ? [] : [`armed ${Math.round(armedForMs)}`];
}

export function failLines(code: string, detail: string): Lines {
  return [`fail ${code}`, `@detail ${base64(detail)}`];
}
