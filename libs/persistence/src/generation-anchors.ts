import { type EntityManager, In } from 'typeorm';
import { anchorId, anchorsOf, parseBundle } from '#trust';
import { GenerationEntity } from './entities/generation.entity.js';

/** A CA whose clients a generation lets in, without its marker. */
export interface AnchorView {
  /** As a `distrust` names it: subject key identifier, or SHA-256 where it has none. */
  readonly id: string;
  readonly subject: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/** Generations whose anchors are remembered. */
const REMEMBERED = 1_000;

/** The anchors of generations, which never change: each bundle is read once. */
export class GenerationAnchors {
  private readonly known = new Map<string, readonly AnchorView[]>();

  async of(
    manager: EntityManager,
    ids: readonly string[],
  ): Promise<ReadonlyMap<string, readonly AnchorView[]>> {
    const missing = ids.filter((id) => !this.known.has(id));
    const rows =
      missing.length === 0
        ? []
        : await manager.find(GenerationEntity, {
            where: { id: In(missing) },
            select: { id: true, content: true },
          });
    for (const { id, content } of rows) this.known.set(id, anchorsIn(content));
    const found = new Map(ids.map((id) => [id, this.known.get(id) ?? []]));
    for (const id of this.known.keys()) {
      if (this.known.size <= REMEMBERED) break;
      this.known.delete(id);
    }
    return found;
  }
}

/** When the first of them ends; null without any. */
export function firstToEnd(anchors: readonly AnchorView[]): Date | null {
  return anchors.length === 0
    ? null
    : new Date(Math.min(...anchors.map(({ notAfter }) => notAfter.getTime())));
}

function anchorsIn(content: string): readonly AnchorView[] {
  return anchorsOf(parseBundle(content)).map((anchor) => ({
    ...{ id: anchorId(anchor), subject: anchor.subject },
    ...{ notBefore: new Date(anchor.notBefore), notAfter: new Date(anchor.notAfter) },
  }));
}
