import { redactText } from '#platform';

/**
 * Markdown without the secrets that can be told by their shape, each section by itself: a text that begins as a key and
 * never ends takes nothing with it that others said.
 */
export function redactSections(markdown: string): string {
  return markdown
    .split(/\n(?=## )/)
    .map(redactText)
    .join('\n');
}
