import { describeWithChromium } from '../../../test/helpers/describeWithChromium';
import { readFile } from 'node:fs/promises';
import { scanParameters } from 'scan-records-client';
import { snippetsOf, type SnippetInput } from '../src/query/snippets';
import { selectionOf, type Condition } from '../src/query/filter';
import { Consoles } from './helpers/page';
import { sendItems, type Scan } from './helpers/servedConsole';

const FILTER = `filter=${encodeURIComponent('[["mag","gt","N","4"]]')}`;

const scan: Scan = ({ download }, response) => {
  if (download !== undefined) {
    response.setHeader('Content-Disposition', 'attachment; filename="RecordsTable.csv"');
    response.end('id\na\n');
  } else sendItems(response, ['{"id":{"S":"a"},"mag":{"N":"5"}}']);
};

describeWithChromium('the export panel', () => {
  const consoles = new Consoles();
  afterEach(() => consoles.closePages());
  afterAll(() => consoles.close());

  it('downloads everything that matches as CSV', async () => {
    const { page, server } = await consoles.open(scan, { fragment: FILTER });
    await page.getByRole('button', { name: 'Export' }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'CSV' }).click(),
    ]);
    expect(await readFile(await download.path(), 'utf8')).toBe('id\na\n');
    expect(download.suggestedFilename()).toBe('RecordsTable.csv');
    expect(server.scans.at(-1)).toMatchObject({ format: 'csv', bom: '1', FilterExpression: '#mag > :v0' });
  });

  it('downloads with the API key in the header', async () => {
    const keys: unknown[] = [];
    const { page } = await consoles.open(
      (parameters, response, request) => {
        if (parameters.download !== undefined) keys.push(request.headers['x-api-key']);
        scan(parameters, response, request);
      },
      { config: { auth: 'key' } },
    );
    await page.evaluate(
      `sessionStorage.setItem('scan-records-credentials', '{"auth":"key","credentials":"secret"}')`,
    );
    await page.getByRole('button', { name: 'Export' }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'NDJSON' }).click(),
    ]);
    expect([download.suggestedFilename(), keys]).toEqual(['RecordsTable.ndjson', ['secret']]);
  });

  it('copies the query as a command', async () => {
    const { page } = await consoles.open(scan, { fragment: FILTER });
    await page.getByRole('button', { name: 'Export' }).click();
    await page.getByRole('button', { name: 'AWS CLI' }).click();
    await page.getByRole('button', { name: 'Copy' }).click();
    await page.getByText('Copied').waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(
      `aws dynamodb scan \\\n  --table-name 'RecordsTable' \\\n  --filter-expression '#mag > :v0' \\\n  --expression-attribute-names '{"#mag":"mag"}' \\\n  --expression-attribute-values '{":v0":{"N":"4"}}'`,
    );
  });

  it('closes with Escape, and returns to its button', async () => {
    const { page } = await consoles.open(scan);
    const button = page.getByRole('button', { name: 'Export' });
    await button.click();
    await page.keyboard.press('Escape');
    expect(await page.getByRole('group', { name: 'Export' }).count()).toBe(0);
    expect(await page.locator(':focus').innerText()).toBe(await button.innerText());
  });
});

describe('snippets', () => {
  const snippet = (title: string, conditions: Condition[], more: Partial<SnippetInput> = {}) => {
    const key = more.key ?? [{ AttributeName: 'id', AttributeType: 'S', KeyType: 'HASH' }];
    const match = more.match ?? 'all';
    const input: SnippetInput = {
      server: 'http://localhost:3000',
      auth: 'none',
      parameters: { TableName: 'T', ...scanParameters(selectionOf(conditions, match, key)) },
      conditions,
      match,
      key,
      ...more,
    };
    return snippetsOf(input).find(([name]) => name === title)?.[1] ?? '';
  };
  const mag: Condition = { attribute: 'mag', operator: 'gt', type: 'N', value: '5' };

  it('quotes text for the shell', () => {
    const text = snippet('curl', [{ attribute: 'a', operator: 'eq', type: 'S', value: "it's $HOME" }]);
    expect(text).toContain(`{":v0":{"S":"it'\\''s $HOME"}}`);
  });

  it.each([
    ['key', 'X-Api-Key: KEY'],
    ['jwt', 'Authorization: Bearer TOKEN'],
  ] as const)('names the header for AUTH=%s without a secret', (auth, header) => {
    expect(snippet('curl', [], { auth })).toContain(`-H '${header}'`);
  });

  it('reads one partition with query in the AWS CLI', () => {
    const text = snippet('AWS CLI', [{ attribute: 'id', operator: 'eq', type: 'S', value: 'a' }]);
    expect(text).toContain('aws dynamodb query');
    expect(text).toContain("--key-condition-expression '#id = :v0'");
  });

  it.each<[string, Condition[], string]>([
    ['one object', [mag], 'filter: { mag: { gt: 5 } }'],
    [
      'the key on its own',
      [{ attribute: 'id', operator: 'eq', type: 'S', value: 'a' }, mag],
      'key: { id: { eq: "a" } },\n  filter: { mag: { gt: 5 } }',
    ],
    [
      'and() for two conditions on one attribute',
      [mag, { ...mag, operator: 'lt', value: '6' }],
      'filter: and({ mag: { gt: 5 } }, { mag: { lt: 6 } })',
    ],
    [
      'not() for the opposite of contains',
      [{ attribute: 'a-b', operator: 'lacks', type: 'S', value: 'x' }],
      'filter: not({ "a-b": { contains: "x" } })',
    ],
    [
      'exactNumber() for a number that JavaScript rounds',
      [{ ...mag, value: '9007199254740993' }],
      'filter: { mag: { gt: exactNumber("9007199254740993") } }',
    ],
    [
      'a computed name for __proto__',
      [{ attribute: '__proto__', operator: 'exists', type: 'S', value: '' }],
      'filter: { ["__proto__"]: { exists: true } }',
    ],
    [
      'strings of a range with their spaces, as the request has them,',
      [{ attribute: 'a', operator: 'between', type: 'S', value: ' b ', upper: 'c ' }],
      'filter: { a: { between: [" b ", "c "] } }',
    ],
    [
      'numbers of a range without spaces',
      [{ attribute: 'a', operator: 'between', type: 'N', value: ' 1 ', upper: '2 ' }],
      'filter: { a: { between: [1, 2] } }',
    ],
    [
      'values of a list without spaces, as the request has them,',
      [{ attribute: 'a', operator: 'in', type: 'S', value: 'x , y' }],
      'filter: { a: { in: ["x", "y"] } }',
    ],
  ])('writes %s for the client', (_, conditions, expected) => {
    expect(snippet('Client', conditions)).toContain(expected);
  });

  it('imports what the code for the client uses, also for the key, and nothing that only a string contains', () => {
    const key = [{ AttributeName: 'id', AttributeType: 'N', KeyType: 'HASH' }] as const;
    const conditions: Condition[] = [
      { attribute: 'id', operator: 'eq', type: 'N', value: '9007199254740993' },
      { attribute: 'text', operator: 'eq', type: 'S', value: '"or(this)' },
    ];
    const parameters = { TableName: 'T' };
    expect(snippet('Client', conditions, { key, parameters })).toContain(
      "import { createClient, exactNumber } from 'scan-records-client';",
    );
  });

  it('writes or() for the client if any condition may match', () => {
    const text = snippet('Client', [mag, { ...mag, operator: 'exists' }], { match: 'any' });
    expect(text).toContain("import { createClient, or } from 'scan-records-client';");
    expect(text).toContain('filter: or({ mag: { gt: 5 } }, { mag: { exists: true } })');
  });
});
