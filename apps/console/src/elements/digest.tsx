const SHORT = 12;

/** The first characters of a digest; all of it when pointed at. */
export function Digest({ of }: { readonly of: string }) {
  return (
    <code title={of}>
      {of.slice(0, SHORT)}
      <span aria-hidden="true">…</span>
    </code>
  );
}
