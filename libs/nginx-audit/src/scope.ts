import type { Directive } from './directive.js';

/** Most questions are about a name that is not there, and get this list and none of their own. */
const NONE: readonly Directive[] = [];

/** The directives of one context, found by name without walking them again. */
export class Scope {
  readonly #byName = new Map<string, Directive[]>();

  /** `block` is the directive whose braces hold them, null for the main context. */
  constructor(
    readonly directives: readonly Directive[],
    readonly block: Directive | null = null,
  ) {
    for (const directive of directives) {
      const same = this.#byName.get(directive.name);
      if (same === undefined) this.#byName.set(directive.name, [directive]);
      else same.push(directive);
    }
  }

  static of(block: Directive): Scope {
    return new Scope(block.block ?? [], block);
  }

  named(name: string): readonly Directive[] {
    return this.#byName.get(name) ?? NONE;
  }

  blocks(name: string): readonly Directive[] {
    return this.named(name).filter(({ block }) => block !== null);
  }

  first(name: string): Directive | null {
    return this.named(name)[0] ?? null;
  }
}

/**
 * What applies in the innermost of these scopes (outermost first): nginx merges from the outside in, and a scope
 * that says anything of that name drops all that the scopes around it say.
 */
export function inherited(scopes: readonly Scope[], name: string): readonly Directive[] {
  for (let level = scopes.length - 1; level >= 0; level -= 1) {
    const own = scopes[level]?.named(name) ?? NONE;
    if (own.length > 0) return own;
  }
  return [];
}
