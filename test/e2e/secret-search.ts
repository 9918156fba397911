/**
 * Looks for planted secrets in what a program wrote, in every form in which one might get there: as it is, in
 * JSON, in a URL, in base64 of either alphabet at any offset, in hexadecimal as PostgreSQL shows bytes.
 */
export class SecretSearch {
  private readonly forms: readonly { readonly what: string; readonly form: string }[];

  /** Names and values; of a key in PEM or OpenSSH's form every line that is secret is looked for. */
  constructor(secrets: Readonly<Record<string, string>>) {
    this.forms = Object.entries({ ...secrets, 'some private key': 'PRIVATE KEY' }).flatMap(([what, value]) =>
      parts(value).flatMap((part) => formsOf(part).map((form) => ({ what, form }))),
    );
  }

  /** Names of the secrets that are in `text`. */
  foundIn(text: string): readonly string[] {
    const lower = text.toLowerCase();
    const found = this.forms.filter(({ form }) => text.includes(form) || lower.includes(form));
    return [...new Set(found.map(({ what }) => what))];
  }
}

function parts(value: string): readonly string[] {
  if (!value.includes('PRIVATE KEY-----')) return [value];
  const lines = value.split('\n').filter((line) => line !== '' && !line.includes('-----'));
  // OpenSSH's first lines are the same in every key and then the public half; a short key has fewer.
  return value.includes('OPENSSH') ? lines.slice(2) : lines.slice(0, 2);
}

function formsOf(text: string): readonly string[] {
  const bytes = Buffer.from(text);
  const decoded = Buffer.from(text, 'base64');
  const raw = decoded.length > 12 ? [decoded.toString('hex'), ...inBase64(decoded)] : [];
  const forms = [text, encodeURIComponent(text), bytes.toString('hex'), ...raw, ...inBase64(bytes)];
  return [...forms, ...forms.map((form) => form.replaceAll('+', '-').replaceAll('/', '_'))];
}

/** What stays the same of `bytes` in base64 whatever stands before and after them. */
function inBase64(bytes: Buffer): readonly string[] {
  return [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    return text.slice(before === 0 ? 0 : before + 1, -2);
  });
}
