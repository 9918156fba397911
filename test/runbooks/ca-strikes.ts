import type { CaSource } from '#engine';

type Step = 'issueLeaf' | 'setIssuing' | 'switchDefault' | 'outstanding';
type Ask = (...asked: unknown[]) => Promise<unknown>;

const STEPS: readonly Step[] = ['issueLeaf', 'setIssuing', 'switchDefault', 'outstanding'];

/** Things that go wrong at the CA of a running installation at the very moment it is asked for something. */
export class CaStrikes {
  private due: { readonly when: string; readonly act: () => unknown }[] = [];

  constructor(ca: CaSource) {
    for (const step of STEPS) {
      const ask = (ca[step] as Ask).bind(ca);
      Object.assign(ca, {
        [step]: async (...asked: unknown[]) => {
          await this.fall(`before ${step}`);
          const answer = await ask(...asked);
          await this.fall(`after ${step}`);
          return answer;
        },
      });
    }
  }

  /** Once, before it is asked for the next such thing. */
  before(step: Step, act: () => unknown): void {
    this.due.push({ when: `before ${step}`, act });
  }

  /** Once, when it has done the next such thing. */
  after(step: Step, act: () => unknown): void {
    this.due.push({ when: `after ${step}`, act });
  }

  /** Whatever has not fallen yet never will. */
  forget(): void {
    this.due = [];
  }

  private async fall(when: string): Promise<void> {
    const strike = this.due.find((one) => one.when === when);
    if (strike === undefined) return;
    this.due = this.due.filter((one) => one !== strike);
    await strike.act();
  }
}
