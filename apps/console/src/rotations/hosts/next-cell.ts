/** The cell that a key leads to from another one, in reading order and by rows; null where it leads nowhere. */
export function nextCell(list: HTMLElement, from: EventTarget, key: string): HTMLElement | null {
  const cells = [...list.querySelectorAll<HTMLElement>('[data-host]')];
  const at = from instanceof HTMLElement ? cells.indexOf(from) : -1;
  if (at < 0) return null;
  switch (key) {
    case 'ArrowRight':
      return cells[at + 1] ?? null;
    case 'ArrowLeft':
      return cells[at - 1] ?? null;
    case 'Home':
      return cells[0] ?? null;
    case 'End':
      return cells.at(-1) ?? null;
    case 'ArrowDown':
      return nearestBelow(cells.slice(at), (one, other) => one > other);
    case 'ArrowUp':
      return nearestBelow(cells.slice(0, at + 1).reverse(), (one, other) => one < other);
    default:
      return null;
  }
}

/** In the next row, whichever is closest sideways to the first. */
function nearestBelow(
  cells: readonly HTMLElement[],
  isBeyond: (top: number, from: number) => boolean,
): HTMLElement | null {
  const [from, ...others] = cells.map((cell) => ({ cell, box: cell.getBoundingClientRect() }));
  const row =
    from && others.find(({ box }) => isBeyond(Math.round(box.top), Math.round(from.box.top)))?.box.top;
  if (from === undefined || row === undefined) return null;
  const inRow = others.filter(({ box }) => Math.round(box.top) === Math.round(row));
  const distance = ({ box }: { box: DOMRect }) => Math.abs(box.left - from.box.left);
  return inRow.toSorted((one, other) => distance(one) - distance(other))[0]?.cell ?? null;
}
