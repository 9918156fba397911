/** Who did something, as people call them; the id that is theirs alone when pointed at. */
export function Actor({ of }: { readonly of: string }) {
  const [, name] = /^\S+ \((.+)\)$/s.exec(of) ?? [];
  return <span title={of}>{name ?? of}</span>;
}
