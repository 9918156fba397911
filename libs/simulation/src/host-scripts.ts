import type { BundleFile, ConfirmReport, HostToken, SwitchReport } from '#engine';
import { digestOf } from '#trust';
import { problem } from './problem.js';
import type { SimHost } from './sim-host.js';

/** A script that was killed, or whose machine lost its power: it never comes back. */
const never = () => new Promise<never>(() => undefined);

interface Script {
  killed: boolean;
}

/**
 * The steps of the host transaction as the real script takes them: under the lock, token first, one small change
 * after another with time between them, so that a kill can fall into every gap.
 */
export class HostScripts {
  private readonly running = new Set<Script>();
  private lock: Promise<void> = Promise.resolve();

  constructor(private readonly host: SimHost) {}

  /** SIGKILL of every script on the host; the host lives on. */
  killAll(): void {
    for (const script of this.running) script.killed = true;
    this.running.clear();
    this.lock = Promise.resolve();
  }

  stage(token: HostToken, from: string, to: BundleFile, voteMs: number): Promise<void> {
    return this.locked(async (pause) => {
      const { host } = this;
      this.accept(token);
      const { state } = host;
      if (state?.step === 'committed' && state.to === to.digest && host.digest === to.digest) return;
      this.requireLive(from);
      host.keep(host.file);
      await pause(5, 40);
      host.keep(to.content);
      if (host.troubles.refusesBundles) {
        host.staged = null;
        throw problem('host.config-test-failed', `${host.id}: nginx -t fails`);
      }
      host.staged = { content: to.content, voteUntil: host.monotonic() + voteMs };
      this.write(token, 'staged', from, to.digest);
      this.watchVote();
      await pause(1, 5);
    });
  }

  commit(token: HostToken, from: string, to: string, deadlineMs: number | null): Promise<SwitchReport> {
    return this.locked(async (pause) => {
      const { host } = this;
      this.accept(token);
      this.requireVote(from, to);
      const content = host.copyOf(to);
      host.copyOf(from);
      if (host.digest !== to) this.requireLive(from);
      if (deadlineMs === null) host.disarm();
      else host.arm(deadlineMs);
      this.write(token, 'committed', from, to);
      await pause(1, 10);
      if (host.digest !== to) {
        this.requireLive(from);
        host.rename(content);
        host.staged = null;
      }
      await pause(1, 30);
      const reloaded = digestOf(host.serving) !== to;
      if (reloaded && !host.reload()) {
        await pause(2_600, 3_000);
        throw problem('host.reload-not-live', `${host.id}: bind() failed`);
      }
      await pause(20, 350);
      // An edit between rename and reload is what the new workers serve.
      if (reloaded) this.requireLive(to);
      return this.report(to, reloaded);
    });
  }

  renew(token: HostToken, to: string, deadlineMs: number): Promise<void> {
    return this.locked(async () => {
      const { host } = this;
      this.accept(token);
      if (host.state?.step !== 'committed' || host.state.to !== to || host.deadline === null) {
        throw this.notArmed();
      }
      host.arm(deadlineMs);
    });
  }

  confirm(token: HostToken, to: string): Promise<ConfirmReport> {
    return this.locked(async (pause) => {
      const { host } = this;
      this.accept(token);
      const { state } = host;
      if (state?.to !== to || (state.step !== 'committed' && state.step !== 'confirmed')) {
        throw this.notArmed();
      }
      this.requireLive(to);
      if (digestOf(host.serving) !== to) throw this.notArmed();
      host.disarm();
      this.write(token, 'confirmed', state.from, to);
      await pause(1, 5);
      return { digest: to, armedForMs: null };
    });
  }

  revert(token: HostToken, from: string, to: string): Promise<SwitchReport> {
    return this.locked(async (pause) => {
      this.accept(token);
      const reloaded = await this.putBack(from, to, pause);
      this.host.disarm();
      this.write(token, 'reverted', from, to);
      return this.report(from, reloaded);
    });
  }

  discard(token: HostToken): Promise<void> {
    return this.locked(async () => {
      const { host } = this;
      this.accept(token);
      host.staged = null;
      if (host.state?.step === 'staged') this.write(token, 'discarded', host.state.from, host.state.to);
    });
  }

  /** The dead-man: looks again under the lock, as CONFIRM or a revert may have come first (F39). */
  returnByItself(): Promise<void> {
    return this.locked(async (pause) => {
      const { host } = this;
      const { state, deadline } = host;
      if (state?.step !== 'committed' || deadline === null || deadline > host.monotonic()) return;
      await this.putBack(state.from, state.to, pause);
      host.disarm();
      this.write(state.token, 'returned', state.from, state.to);
    }).catch(() => undefined);
  }

  private async putBack(
    from: string,
    to: string,
    pause: (least: number, most: number) => Promise<void>,
  ): Promise<boolean> {
    const { host } = this;
    host.staged = null;
    if (host.digest !== from) {
      this.requireLive(to);
      host.rename(host.copyOf(from));
    }
    await pause(1, 30);
    if (digestOf(host.serving) === from) return false;
    if (!host.reload()) {
      await pause(2_600, 3_000);
      throw problem('host.reload-not-live', `${host.id}: bind() failed`);
    }
    await pause(20, 350);
    this.requireLive(from);
    return true;
  }

  private report(digest: string, reloaded: boolean): SwitchReport {
    return { digest, reloaded, workers: [this.host.reloads + 100], draining: [] };
  }

  /** Highest token first: nothing that was delayed on the way acts late (I9). */
  private accept(token: HostToken): void {
    const { state, id } = this.host;
    if (!state) return;
    const seen = state.token;
    const differs = seen.installation !== token.installation;
    if (differs && (state.step === 'staged' || state.step === 'committed')) {
      throw problem('host.stale-token', `${id}: installation ${seen.installation} is at work here`);
    }
    if (differs) return;
    if (seen.epoch === token.epoch && seen.rotation !== token.rotation) {
      throw problem('host.foreign-rotation', `${id} works for ${seen.rotation}, not ${token.rotation}`);
    }
    if (compare(token, seen) <= 0) throw problem('host.stale-token', `${id}: the token is not the newest`);
    state.token = token;
  }

  private requireVote(from: string, to: string): void {
    const { host } = this;
    const { state, staged } = host;
    if (state?.step === 'returned') throw this.notArmed();
    if (state?.lapsed && state.from === from && state.to === to) throw this.voteExpired();
    if (state?.from !== from || state.to !== to || !['staged', 'committed'].includes(state.step)) {
      throw problem('host.drift', `${host.id} has nothing staged for ${to}`);
    }
    if (state.step === 'committed') return;
    if (staged && host.monotonic() <= staged.voteUntil) return;
    this.lapse();
    throw this.voteExpired();
  }

  /** A process on the host that drops what was staged when its vote runs out; a reboot ends it. */
  private watchVote(): void {
    const { host } = this;
    const { boot, staged } = host;
    const left = staged ? staged.voteUntil - host.monotonic() : 0;
    host.after(left, () => {
      if (host.boot !== boot || !host.up) return;
      void this.locked(async () => {
        if (host.staged === staged && host.state?.step === 'staged') this.lapse();
      });
    });
  }

  private lapse(): void {
    const { host } = this;
    host.staged = null;
    const { state } = host;
    if (!state) return;
    host.state = { ...state, step: 'discarded', lapsed: true };
  }

  private voteExpired() {
    return problem('host.vote-expired', `${this.host.id} stood by its vote long enough`, true);
  }

  private requireLive(digest: string): void {
    const { host } = this;
    if (host.digest !== digest) throw problem('host.drift', `${host.id}: the live file is another one`);
  }

  private notArmed() {
    return problem('host.not-armed', `${this.host.id} waits for no decision`);
  }

  private write(
    token: HostToken,
    step: 'staged' | 'committed' | 'confirmed' | 'reverted' | 'discarded' | 'returned',
    from: string,
    to: string,
  ): void {
    this.host.state = { token, step, from, to, lapsed: false };
  }

  private async locked<T>(
    work: (pause: (least: number, most: number) => Promise<void>) => Promise<T>,
  ): Promise<T> {
    const script: Script = { killed: false };
    this.running.add(script);
    let unlock: () => void = () => undefined;
    const before = this.lock;
    this.lock = new Promise((resolve) => {
      unlock = resolve;
    });
    await before;
    if (script.killed) return never();
    const pause = async (least: number, most: number) => {
      await this.host.time.sleep(this.host.random.between(least, most));
      if (script.killed) await never();
    };
    try {
      return await work(pause);
    } finally {
      this.running.delete(script);
      unlock();
    }
  }
}

function compare(one: HostToken, other: HostToken): number {
  return one.epoch - other.epoch || one.term - other.term || one.serial - other.serial;
}
