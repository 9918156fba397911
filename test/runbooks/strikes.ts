import type { HostGateway } from '#engine';

/** A step of a host, and what it is asked for: the host comes first. */
export type Step = 'observe' | 'stage' | 'commit' | 'confirm' | 'revert' | 'discard';

export type Asked = unknown[];
type Ask = (...asked: Asked) => Promise<unknown>;

interface Strike {
  readonly step: Step;
  readonly host: string;
  readonly act: (asked: Asked) => unknown;
}

const STEPS: readonly Step[] = ['observe', 'stage', 'commit', 'confirm', 'revert', 'discard'];

/** What a strike has the step answer, in place of asking the host. */
export class Instead {
  constructor(readonly answer: unknown) {}
}

/** Things that go wrong on the hosts of a running installation at the very moment a step is about to be asked of one. */
export class Strikes {
  private due: Strike[] = [];

  constructor(hosts: HostGateway) {
    for (const step of STEPS) {
      const ask = (hosts[step] as Ask).bind(hosts);
      Object.assign(hosts, {
        [step]: async (...asked: Asked) => {
          const fallen = await this.fall(step, asked);
          return fallen instanceof Instead ? fallen.answer : ask(...asked);
        },
      });
    }
  }

  /**
   * Once, before the next such step of the host; several for one step fall at one each, in turn. What `act` throws the
   * step throws, what it changes of what is asked is asked, and an {@link Instead} is the answer.
   */
  before(step: Step, host: string, act: Strike['act']): void {
    this.due.push({ step, host, act });
  }

  /** Once, before that such step of the host, counted from now. */
  beforeNext(nth: number, step: Step, host: string, act: Strike['act']): void {
    for (let earlier = 1; earlier < nth; earlier += 1) this.before(step, host, () => undefined);
    this.before(step, host, act);
  }

  /** Whatever has not fallen yet never will. */
  forget(): void {
    this.due = [];
  }

  private async fall(step: Step, asked: Asked): Promise<unknown> {
    const [{ name }] = asked as [{ readonly name: string }];
    const strike = this.due.find((one) => one.step === step && one.host === name);
    if (strike === undefined) return undefined;
    this.due = this.due.filter((one) => one !== strike);
    return strike.act(asked);
  }
}
