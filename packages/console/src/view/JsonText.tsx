/** JSON with colors for names, strings, numbers and literals. */

const TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?|(-?\d[\d.eE+-]*)|\b(true|false|null)\b/g;

/** Longer texts are shown without colors: thousands of elements would make the page slow. */
const MAX_COLORED_CHARS = 30_000;

export function JsonText({ text }: { text: string }) {
  return (
    <pre class="json" tabIndex={0} aria-label="JSON">
      {text.length > MAX_COLORED_CHARS ? text : colored(text)}
    </pre>
  );
}

function colored(text: string) {
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(TOKEN)) {
    const [token, string, colon, number] = match;
    const kind =
      colon !== undefined ? 'name' : string !== undefined ? 'S' : number !== undefined ? 'N' : 'BOOL';
    parts.push(text.slice(end, match.index), <span class={kind}>{token}</span>);
    end = match.index + token.length;
  }
  parts.push(text.slice(end));
  return parts;
}
