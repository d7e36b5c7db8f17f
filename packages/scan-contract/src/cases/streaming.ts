/** A scan that fails after its answer has begun: never a short answer that looks whole. Data. */
import type { Case } from '../case';
import { LARGE, TABLE } from '../fixtures/tables';
import { problem, RFC9457, scan } from './making';

const LINK = 'https://www.rfc-editor.org/rfc/rfc9112#section-8';

const FAILING: readonly [what: string, table: string][] = [
  ['whose second page is refused', TABLE.failsAtSecond],
  ['whose second page is garbled', TABLE.garbledAtSecond],
  ['whose third page breaks off', TABLE.breaksAtThird],
];

const FORMATS = ['application/json', 'application/x-ndjson', 'text/csv', 'application/x-amz-json-1.0'];

export const streamingCases: readonly Case[] = [
  ...FAILING.flatMap(([what, table]) =>
    FORMATS.map((accept): Case => ({
      name: `A scan ${what} ends in a broken connection, as ${accept}`,
      link: LINK,
      needsFixtures: true,
      request: scan(table, {}, ['Accept', accept]),
      expected: { status: 200, brokenOff: true },
    })),
  ),
  {
    name: 'A scan whose second page is refused ends in a broken connection where it is compressed, too',
    link: LINK,
    needsFixtures: true,
    request: scan(TABLE.failsAtSecond, {}, ['Accept-Encoding', 'gzip']),
    expected: { status: 200, brokenOff: true },
  },
  {
    name: 'An answer that is held until it is whole has a true status where the second page is refused',
    link: RFC9457,
    needsFixtures: true,
    request: scan(TABLE.failsAtSecond, { MaxItems: 10 }, ['Accept', 'application/x-ndjson']),
    expected: problem(400, 'ValidationException'),
  },
  {
    name: 'NDJSON of several megabytes comes whole',
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
