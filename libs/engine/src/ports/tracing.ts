/** What is known of a step; never a secret and never a certificate. */
export type TracedFields = Readonly<Record<string, string | number | boolean>>;

/** One thing that is done, as whoever follows from outside is told of it. */
export interface TracedStep {
  /** Such as `rotation.drive` or `host.commit`: few different ones. */
  readonly name: string;
  readonly fields: TracedFields;
  /**
   * Where it was asked for, as W3C Trace Context's `traceparent`: the step belongs to that trace, whatever led to it.
   * Left out: it belongs to the step around it.
   */
  readonly origin?: string | undefined;
}

/** Tells those who follow from outside what is done. Nothing that is done ever depends on it. */
export abstract class Tracing {
  /** Does `work` and hands on what comes of it; what it throws is told as the failure of the step. */
  abstract within<T>(step: TracedStep, work: () => Promise<T>): Promise<T>;

  /** The step under way as `traceparent`; undefined where nobody follows. */
  abstract origin(): string | undefined;
}

class Untraced extends Tracing {
  override within<T>(_step: TracedStep, work: () => Promise<T>): Promise<T> {
    return work();
  }

  override origin(): undefined {
    return undefined;
  }
}

/** Nobody follows. */
export const UNTRACED: Tracing = new Untraced();
