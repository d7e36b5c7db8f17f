/** Tests the output for people: what comes first, the width, the colors, and what only --verbose shows. */
import { PassThrough } from 'node:stream';
import type { Exchange, Header, PageCall } from '../src/diagnosis';
import { examine, type Examination } from '../src/examine';
import { report } from '../src/report';
import { styleFor } from '../src/terminal';

const CALL: PageCall = {
  url: 'http://localhost:3000/items',
  origin: 'http://localhost:5173',
  method: 'POST',
  headers: [['Content-Type', 'application/json']],
  body: '{}',
  credentials: 'same-origin',
  reads: [],
};

const CORS: Header[] = [
  ['Access-Control-Allow-Origin', '*'],
  ['Access-Control-Allow-Headers', 'Content-Type'],
];

/** Examines a server that responds in the same way to each request. */
function examined(
  status: number,
  headers: readonly Header[],
  body = '{}',
  call = CALL,
): Promise<Examination> {
  const received: Exchange['received'] = { kind: 'response', status, headers, body };
  const preflight: Exchange['received'] = { kind: 'response', status: 204, headers: CORS, body: '' };
  return examine(
    call,
    ({ method }) => Promise.resolve(method === 'OPTIONS' && status >= 400 ? preflight : received),
    { oversized: false },
  );
}

function terminal(columns: number) {
  return styleFor(Object.assign(new PassThrough(), { columns }));
}

const WIDE = terminal(200);

it('begins with the verdict, the cause and the fix', async () => {
  const lines = report(await examined(200, []), WIDE).split('\n');
  const labels = lines.map((line) => /^\w+/.exec(line)?.[0]).filter((label) => label !== undefined);
  expect(labels.slice(0, 6)).toEqual(['BLOCKED', 'http', 'Cause', 'Fix', 'pass', 'FAIL']);
});

it.each([
  [404, 'application/json', 'but the response is an error: 404 Not Found.'],
  [502, 'text/html', 'but the response is an error: 502 Bad Gateway.'],
  [200, 'text/html; charset=utf-8', 'but the response is an HTML page.'],
])(
  'says in the first line that an allowed response has the status %s and the type %s',
  async (status, type, words) => {
    const text = report(await examined(status, [...CORS, ['Content-Type', type]]), terminal(100));
    const [verdict = '', rest = ''] = text.split('\nCause ');
    expect(verdict.replaceAll('\n', ' ')).toBe(
      `ALLOWED: the browser lets http://localhost:5173 read the response of POST http://localhost:3000/items, ${words}`,
    );
    expect(rest).toContain('\nFix ');
  },
);

it('says nothing about HTML to a web page that asks for HTML', async () => {
  const call = { ...CALL, headers: [...CALL.headers, ['Accept', 'text/html']] as const };
  const { findings } = await examined(200, [...CORS, ['Content-Type', 'text/html']], '<p>', call);
  expect(findings.map(({ ruleId }) => ruleId)).not.toContain('html-instead-of-json');
});

it("names Vite's development server if its page comes instead of JSON", async () => {
  const page = '<script type="module" src="/@vite/client"></script>';
  const { findings } = await examined(200, [...CORS, ['Content-Type', 'text/html']], page);
  expect(findings[0]).toMatchObject({ ruleId: 'html-instead-of-json' });
  expect(findings[0]?.fix.lines.join('\n')).toContain("'/items': { target: 'http://localhost:3000'");
});

it('shows passed steps in one line, and one by one with verbose', async () => {
  const examination = await examined(200, CORS);
  expect(report(examination, WIDE).match(/^pass/gm)).toHaveLength(1);
  const verbose = report(examination, WIDE, true);
  expect(verbose.match(/^pass/gm)).toHaveLength(examination.diagnosis.steps.length);
  expect(verbose).toContain(
    'OPTIONS http://localhost:3000/items returned 200 with Access-Control-Allow-Origin: *',
  );
});

it.each([60, 80, 100])('breaks text at the width of the terminal, %s characters', async (columns) => {
  const text = report(await examined(200, []), terminal(columns));
  const prose = text.split('\n').filter((line) => line.includes(' ') && !line.startsWith('    '));
  expect(prose.filter((line) => line.length > columns)).toEqual([]);
});

it.each([
  [true, 8, '\u001b[31mx\u001b[39m'],
  [true, 1, 'x'],
  [false, 8, 'x'],
])('uses colors only in a terminal that has them: terminal %s, %s bits of color', (isTTY, depth, painted) => {
  const stream = Object.assign(new PassThrough(), { isTTY, getColorDepth: () => depth });
  expect(styleFor(stream).bad('x')).toBe(painted);
});
