/** An address that holds nothing but where to go: what else it can hold would be shown, or be lost. */
export function isBare(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { username, password, search, hash } = new URL(text);
  return username === '' && password === '' && search === '' && hash === '';
}
