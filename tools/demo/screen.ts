import { styleText } from 'node:util';
import { createLogUpdate } from 'log-update';
import type { components } from '#api-client';
import { PHASES } from '#rotation';
import type { LoadCount } from './client-load.js';

export type Rotation = components['schemas']['Rotation'];

const SERVES: Readonly<Record<string, string>> = {
  old: 'trusts old',
  overlap: 'trusts old + new',
  new: 'trusts new',
  unknown: 'switching',
};
const STATUS_STYLE: Readonly<Record<string, 'green' | 'yellow' | 'red' | 'cyan'>> = {
  succeeded: 'green',
  reverted: 'yellow',
  blocked: 'red',
  refused: 'red',
  paused: 'red',
};

/** Draws live on a terminal; where there is none (a pipe, CI) it prints one line a change instead. */
export class Screen {
  private readonly live: ReturnType<typeof createLogUpdate> | null;
  private shown = new Map<string, string>();

  constructor(private readonly out: NodeJS.WriteStream) {
    this.live = out.isTTY && !process.env.CI ? createLogUpdate(out) : null;
  }

  /** A line that stays. */
  say(text = ''): void {
    this.live?.clear();
    this.out.write(`${text}\n`);
  }

  heading(text: string): void {
    this.say();
    this.say(this.style('bold', text));
  }

  /** What the rotation and the clients look like now. */
  show(rotation: Rotation, load: LoadCount): void {
    if (this.live) this.live(this.frame(rotation, load).join('\n'));
    else this.printChanges(rotation);
  }

  /** Leaves the last frame on the terminal. */
  done(): void {
    this.live?.done();
    this.shown.clear();
  }

  style(format: Parameters<typeof styleText>[0], text: string): string {
    return this.live ? styleText(format, text) : text;
  }

  private frame(rotation: Rotation, load: LoadCount): string[] {
    return [
      '',
      `  ${this.phases(rotation)}`,
      '',
      ...rotation.hosts.map((host) => `  ${this.host(host)}`),
      '',
      `  clients   ${countLine(load)}`,
      // The end is told in full, below the last frame.
      ...(rotation.phase === 'done'
        ? []
        : [`  ${this.style('dim', firstLine(rotation.explanation, this.out.columns ?? 100))}`]),
    ];
  }

  private phases({ phase, status }: Rotation): string {
    const at = PHASES.indexOf(phase as (typeof PHASES)[number]);
    const steps = PHASES.filter((name) => name !== 'done').map((name, index) => {
      if (index < at) return this.style('green', `● ${name}`);
      return index === at ? this.style('cyan', `◐ ${name}`) : this.style('dim', `○ ${name}`);
    });
    const style = STATUS_STYLE[status];
    return phase === 'done' && style ? this.style(style, `● ${status}`) : steps.join('  ');
  }

  private host({ name, step, serving, reason }: components['schemas']['RotationHost']): string {
    const glyph = reason ? this.style('red', '✗') : this.style('green', step === 'waiting' ? ' ' : '✓');
    const trouble = reason
      ? this.style('red', `  ${firstLine(reason.message, (this.out.columns ?? 100) - 50)}`)
      : '';
    return `${glyph} ${name.padEnd(10)}${step.padEnd(12)}${(SERVES[serving] ?? serving).padEnd(18)}${trouble}`;
  }

  private printChanges({ phase, hosts, status }: Rotation): void {
    this.printChange('phase', phase === 'done' ? status : phase);
    for (const { name, step, serving, reason } of hosts) {
      this.printChange(name, `${step}, ${SERVES[serving] ?? serving}${reason ? `: ${reason.message}` : ''}`);
    }
  }

  private printChange(what: string, text: string): void {
    if (this.shown.get(what) === text) return;
    this.shown.set(what, text);
    this.out.write(`  ${what.padEnd(10)}${text}\n`);
  }
}

export function countLine({ total, refused, resent, renewed }: LoadCount): string {
  const kept = resent > 0 ? `, ${resent} sent again after a kept connection closed` : '';
  return `${total} requests, ${refused} refused, ${renewed} certificates renewed${kept}`;
}

function firstLine(text: string, width: number): string {
  const [line = ''] = text.split('\n');
  return line.length > width - 4 ? `${line.slice(0, width - 5)}…` : line;
}
