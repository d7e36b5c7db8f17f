/** Streaming cases: a scan that fails midway must not look complete. Data. */
import type { Case } from '../case';
import { LARGE, TABLE } from '../fixtures/tables';
import { problem, RFC9457, scan } from './builders';

const LINK = 'https://www.rfc-editor.org/rfc/rfc9112#section-8';

const FAILING: readonly [description: string, table: string][] = [
  ['second page fails', TABLE.failsAtSecond],
  ['second page is not valid JSON', TABLE.garbledAtSecond],
  ['third page is incomplete', TABLE.breaksAtThird],
];

const FORMATS = ['application/json', 'application/x-ndjson', 'text/csv', 'application/x-amz-json-1.0'];

export const streamingCases: readonly Case[] = [
  ...FAILING.flatMap(([description, table]) =>
    FORMATS.map((accept): Case => ({
      name: `Resets the connection if the ${description}, with Accept: ${accept}`,
      link: LINK,
      needsFixtures: true,
      request: scan(table, {}, ['Accept', accept]),
      expected: { status: 200, incomplete: true },
    })),
  ),
  {
    name: 'Resets the connection of a compressed response if the second page fails',
    link: LINK,
    needsFixtures: true,
    request: scan(TABLE.failsAtSecond, {}, ['Accept-Encoding', 'gzip']),
    expected: { status: 200, incomplete: true },
  },
  {
    name: 'Returns the error status of a buffered response if the second page fails',
    link: RFC9457,
    needsFixtures: true,
    request: scan(TABLE.failsAtSecond, { MaxItems: 10 }, ['Accept', 'application/x-ndjson']),
    expected: problem(400, 'ValidationException'),
  },
  {
    name: 'Returns all items of several megabytes as NDJSON',
    link: 'https://github.com/ndjson/ndjson-spec',
    needsFixtures: true,
    request: scan(TABLE.large, {}, ['Accept', 'application/x-ndjson']),
    expected: {
      status: 200,
      body: { kind: 'text', text: LARGE.map(({ plain }) => `${plain}\n`).join('') },
      scans: 8,
    },
  },
];
