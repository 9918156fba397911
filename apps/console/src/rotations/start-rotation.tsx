export function StartRotation(_: { readonly fleet: { readonly id: string; readonly name: string } }) {
  return null;
}
