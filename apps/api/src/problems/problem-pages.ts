import { PROBLEM_KINDS, type ProblemCode, problemPath } from '../http/problem-kinds.js';
import { PROBLEM_GUIDE } from './problem-guide.js';

const CODES = Object.keys(PROBLEM_KINDS) as ProblemCode[];

/** What the page at {@link problemPath} shows. */
export function problemPage(code: ProblemCode): string {
  const [status, title] = PROBLEM_KINDS[code];
  const { meaning, next } = PROBLEM_GUIDE[code];
  return page(
    title,
    `<p><code>${code}</code>, HTTP status ${status}</p>
<h2>What it means</h2>
<p>${inHtml(meaning)}</p>
<h2>What to do next</h2>
<p>${inHtml(next)}</p>
<p>The reply itself names the thing at fault in <code>detail</code>, and says in <code>nextAction</code> what to do about it.</p>
<p><a href="/problems">All problems</a></p>`,
  );
}

/** Every problem, with a link to its page. */
export function problemIndex(): string {
  const items = CODES.map(
    (code) => `<li><a href="${problemPath(code)}"><code>${code}</code></a>: ${inHtml(titleOf(code))}</li>`,
  );
  return page('Problems', `<ul>\n${items.join('\n')}\n</ul>`);
}

/** docs/problems.md. */
export function problemsDocument(): string {
  const rows = CODES.map((code) => {
    const { meaning, next } = PROBLEM_GUIDE[code];
    return `| \`${code}\` | ${PROBLEM_KINDS[code][0]} | ${meaning} | ${next} |`;
  });
  return `# Problems

Every error of the API is \`application/problem+json\` (RFC 9457). Its \`type\` is the path of a page that the API serves, \`/problems/<code>\`, with what is said here. This page is made from the same table by \`node dist/tools/openapi/main.js\`.

| code | status | what it means | what to do next |
|---|---|---|---|
${rows.join('\n')}
`;
}

function titleOf(code: ProblemCode): string {
  return PROBLEM_KINDS[code][1];
}

/** The texts are ours, with names of fields between back quotes. */
function inHtml(text: string): string {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return escaped.replaceAll(/`([^`]+)`/g, '<code>$1</code>');
}

function page(title: string, content: string): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>${inHtml(title)} - Windlass</title></head>
<body>
<h1>${inHtml(title)}</h1>
${content}
</body>
</html>
`;
}
