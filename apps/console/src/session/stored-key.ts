const NAME = 'windlass.key';

/** The key of this tab. It is gone with the tab: what is in localStorage would outlive whoever sat there. */
export function storedKey(): string | null {
  return sessionStorage.getItem(NAME);
}

export function storeKey(key: string): void {
  sessionStorage.setItem(NAME, key);
}

export function forgetKey(): void {
  sessionStorage.removeItem(NAME);
}
