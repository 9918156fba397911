/**
 * Whether one worker process lives. From its death on nothing leaves it and nothing reaches it, as after SIGKILL:
 * whatever it asks for never comes back, until {@link bury} lets the test end.
 */
export class Life {
  private dead = false;
  private end: (error: Error) => void = () => undefined;
  private readonly grave = new Promise<never>((_, reject) => {
    this.end = reject;
  });

  /** @param onDeath what the operating system does for a dead process: it takes nothing more from a queue */
  constructor(private readonly onDeath: () => void) {
    this.grave.catch(() => undefined);
  }

  get alive(): boolean {
    return !this.dead;
  }

  kill(): void {
    if (this.dead) return;
    this.dead = true;
    this.onDeath();
  }

  /** Ends everything that the dead process waited for. */
  bury(): void {
    this.kill();
    this.end(new Error('this process was killed'));
  }

  /** The same port as this process reaches it. `after` sees each call that was answered, before the caller does. */
  port<T extends object>(
    port: T,
    after: (name: string, args: readonly unknown[]) => void = () => undefined,
  ): T {
    return new Proxy(port, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        return (...args: unknown[]) =>
          this.call(
            () => member.apply(target, args),
            () => after(String(name), args),
          );
      },
    });
  }

  private async call(work: () => unknown, after: () => void): Promise<unknown> {
    if (this.dead) return this.grave;
    try {
      const answer = await work();
      after();
      return this.dead ? await this.grave : answer;
    } catch (error) {
      if (this.dead) return this.grave;
      throw error;
    }
  }
}
