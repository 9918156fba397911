import type {
  ClientSighting,
  ClientSightings,
  ConfirmReport,
  HostObservation,
  HostOpenssl,
  HostTransaction,
  NginxState,
  NginxWorker,
  OpensslAnswer,
  SwitchReport,
} from '#engine';

/** The lines of one answer of the host script, by key; `@key` lines carry base64. */
export class Reply {
  readonly ok: boolean;
  private readonly lines: readonly (readonly [key: string, value: string])[];

  constructor(stdout: string) {
    const lines = stdout.split('\n').filter((line) => line !== '');
    this.ok = lines.at(-1) === 'ok';
    this.lines = lines.map((line) => {
      const space = line.indexOf(' ');
      return space < 0 ? [line, ''] : [line.slice(0, space), line.slice(space + 1)];
    });
  }

  all(key: string): string[] {
    return this.lines.filter(([name]) => name === key).map(([, value]) => value);
  }

  first(key: string): string | null {
    return this.lines.find(([name]) => name === key)?.[1] ?? null;
  }

  /** Text of a `@key` line, or null. */
  text(key: string): string | null {
    const value = this.first(`@${key}`);
    return value === null ? null : Buffer.from(value, 'base64').toString('utf8');
  }

  switchReport(): SwitchReport {
    return {
      digest: this.first('digest') ?? '',
      reloaded: this.first('reloaded') === '1',
      workers: this.all('worker').map(Number),
      draining: this.all('drain').map(Number),
    };
  }

  confirmReport(): ConfirmReport {
    return {
      digest: this.first('digest') ?? '',
      armedForMs: this.armedForMs(),
    };
  }

  openssl(): HostOpenssl {
    const level = this.first('level');
    const said = this.first('openssl') ?? '';
    // The command and the library that it runs with may differ: the library is what judges.
    const version = /\(Library: ([^)]+)\)/.exec(said)?.[1] ?? said;
    return { version, securityLevel: level === null ? null : Number(level) };
  }

  opensslAnswer(): OpensslAnswer {
    return {
      exitCode: Number(this.first('exit')),
      stdout: this.text('out') ?? '',
      stderr: this.text('err') ?? '',
    };
  }

  /** Null where the count broke off: fewer clients than there are would be taken for all of them. */
  clientSightings(): ClientSightings | null {
    const [first, known] = [this.first('first'), this.first('known')];
    if (known === null) return null;
    return {
      since: first === null ? null : milliseconds(first),
      clients: this.all('client').map(clientSighting),
      known: Number(known),
    };
  }

  observation(): HostObservation {
    const reals = this.all('real');
    return {
      clock: this.first('clock') ?? '',
      files: this.all('file').map((value, index) => managedFile(value, reals[index] ?? '')),
      transaction: this.transaction(),
      nginx: this.nginx(),
      freeBytes: Math.min(...this.all('free').map((kibibytes) => Number(kibibytes) * 1024)),
      notWritable: this.all('unwritable'),
      trustFiles: Object.fromEntries(this.all('@trusted').map(trustFile)),
      liveContent: this.text('live'),
    };
  }

  private transaction(): HostTransaction | null {
    const step = this.first('step');
    if (step === null) return null;
    return {
      token: {
        installation: this.first('installation') ?? '',
        rotation: this.first('rotation') ?? '',
        epoch: Number(this.first('epoch')),
        term: Number(this.first('term')),
        serial: Number(this.first('serial')),
      },
      step: step as HostTransaction['step'],
      from: this.first('from') ?? '',
      to: this.first('to') ?? '',
      armedForMs: this.armedForMs(),
    };
  }

  private armedForMs(): number | null {
    const armed = this.first('armed');
    return armed === null ? null : Number(armed);
  }

  private nginx(): NginxState | null {
    const version = this.first('nginx');
    if (version === null || version === 'none') return null;
    return {
      version,
      openssl: this.first('openssl') ?? '',
      masterPid: Number(this.first('master')) || null,
      workers: [...this.all('worker').map(worker(false)), ...this.all('drain').map(worker(true))],
      configDump: this.text('config')?.trim() ?? '',
      configTestError: this.text('configerror'),
      filesNewerThanWorkers: this.all('newer'),
    };
  }
}

function managedFile(value: string, real: string) {
  const digest = value.slice(0, value.indexOf(' '));
  const path = value.slice(value.indexOf(' ') + 1);
  return { path, resolved: real || null, digest: digest === '-' || digest === '' ? null : digest };
}

function worker(draining: boolean): (value: string) => NginxWorker {
  return (value) => {
    const [pid, ticks] = value.split(' ').map(Number);
    return { pid: pid ?? 0, ageSeconds: (ticks ?? 0) / 100, draining };
  };
}

function clientSighting(value: string): ClientSighting {
  const [last = '', requests = '', serial = '', issuer = '', subject = ''] = value.split('\t');
  return {
    ...{ serial: serial.toLowerCase(), issuer: unescaped(issuer), subject: unescaped(subject) },
    ...{ requests: Number(requests), lastSeen: milliseconds(last) },
  };
}

/** nginx writes seconds with three decimals (`$msec`). */
function milliseconds(seconds: string): number {
  return Math.round(Number(seconds) * 1000);
}

/** As `ngx_http_log_escape` wrote it; nothing that comes out is a control character. */
function unescaped(text: string): string {
  return text.replace(/\\x(22|5C)/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}

function trustFile(value: string): [string, string] {
  const space = value.lastIndexOf(' ');
  return [value.slice(0, space), Buffer.from(value.slice(space + 1), 'base64').toString('utf8')];
}
