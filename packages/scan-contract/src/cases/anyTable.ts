/** Cases that look at the items of a table that the kit does not know, which may change at any time. Data. */
import {
  NotExaminedError,
  type BodyBuilder,
  type BodyCheck,
  type Case,
  type Expected,
  type Step,
} from '../case';
import { checkCsv, compareCsv } from '../csv';
import { canonical, isObject, stringify, tryParse } from '../exactJson';
import { excerpt } from '../excerpt';
import { textOf, type RequestHeader, type Response } from '../http';
import { checkPage, compareItems, readPage, requireSameItems, type Page } from '../page';
import { post, SCAN_API, SCAN_GUIDE } from './builders';

/** Items that a request evaluates: enough to compare, and cheap on any table. */
const SAMPLE_ITEMS = 10;
const SAMPLE = JSON.stringify({ Limit: SAMPLE_ITEMS });

/** More than one page of DynamoDB, which has at most 1 MB. */
const MAX_TABLE_BYTES = 8 * 1024 * 1024;

const JSON_TYPE = /^application\/json\b/;

/** Keys of any type can be sent back in this format: in plain JSON, a binary key looks like a string. */
const TYPED: RequestHeader = ['Accept', 'application/x-amz-json-1.0'];

function checked(check: BodyCheck, type?: RegExp): Expected {
  return {
    status: 200,
    ...(type && { headers: { 'Content-Type': type } }),
    body: { kind: 'checked', check },
  };
}

/** The check also accepts a body that is too large to read. */
function checkedPart(check: BodyCheck): Expected {
  return { status: 200, body: { kind: 'checked', check, acceptsPart: true } };
}

const page = (limit?: number) => checked((response) => checkPage(response, limit));

interface OtherFormat {
  name: string;
  accept: string;
  type: RegExp;
  check: (text: string, response: Response) => string[];
  /** `text` is the body of `other`. */
  compare: (text: string, items: Page['items'], other: Response) => string[];
}

const FORMATS: readonly OtherFormat[] = [
  {
    name: 'NDJSON',
    accept: 'application/x-ndjson',
    type: /^application\/x-ndjson\b/,
    check: checkLines,
    compare: (text, items) => compareItems('in NDJSON', items, linesOf(text)),
  },
  {
    name: 'CSV',
    accept: 'text/csv',
    type: /^text\/csv\b/,
    check: checkCsv,
    compare: compareCsv,
  },
  {
    name: 'Typed JSON',
    accept: 'application/x-amz-json-1.0',
    type: /^application\/x-amz-json-1\.0\b/,
    check: (_, response) => checkPage(response, SAMPLE_ITEMS),
    compare: (_, items, other) => compareItems('in typed JSON', items, readPage(other).items),
  },
];

function linesOf(text: string): Record<string, unknown>[] {
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => tryParse(line) as Record<string, unknown>);
}

function checkLines(text: string): string[] {
  if (text !== '' && !text.endsWith('\n'))
    return [`expected each line to end with a line feed, received ${excerpt(text)}`];
  const line = text
    .split('\n')
    .slice(0, -1)
    .find((candidate) => !isObject(tryParse(candidate)));
  return line === undefined ? [] : [`expected an item in each line, received ${excerpt(line)}`];
}

/** Requests JSON before and after the other format, to notice that the table has changed. */
function formatCase({ name, accept, type, check, compare }: OtherFormat): Case {
  return {
    name: `${name} has the same items as JSON`,
    link: SCAN_GUIDE,
    request: post(SAMPLE),
    expected: page(SAMPLE_ITEMS),
    then: [
      {
        request: post(SAMPLE, ['Accept', accept]),
        expected: checked((response) => check(textOf(response), response), type),
      },
      {
        request: post(SAMPLE),
        expected: checked((_, [before, other, after]) => {
          const { items } = requireSameItems(readPage(before), readPage(after));
          return other === undefined ? [] : compare(textOf(other), items, other);
        }),
      },
    ],
  };
}

/** Sends back where a page says to continue. */
function continueWith(parameters: object): BodyBuilder {
  return (previous) => {
    const { lastEvaluatedKey, nextToken } = readPage(previous);
    const rest = JSON.stringify(parameters).slice(0, -1);
    if (lastEvaluatedKey !== undefined) return `${rest},"ExclusiveStartKey":${stringify(lastEvaluatedKey)}}`;
    return `${rest},"StartingToken":${JSON.stringify(nextToken)}}`;
  };
}

/** Compares one page of four items with two pages of two. `names` are the possible names of what continues. */
function pagingCase(names: string, large: object, small: object): Case {
  return {
    name: `${names}: two pages have the same items as one page of their size`,
    link: `${SCAN_API}#DDB-Scan-request-ExclusiveStartKey`,
    request: post(JSON.stringify(large), TYPED),
    expected: page(4),
    then: [
      {
        request: post(JSON.stringify(small), TYPED),
        expected: checked((response, [first]) => {
          const violations = checkPage(response, 2);
          if (violations.length > 0) return violations;
          const [four, two] = [readPage(first), readPage(response)];
          if (two.lastEvaluatedKey !== undefined || two.nextToken !== undefined) return [];
          if (four.items.length <= two.items.length)
            throw new NotExaminedError('the table has fewer than three items');
          return [`expected ${names}, because the table has more items, received neither`];
        }),
      },
      { request: { ...post('', TYPED), body: continueWith(small) }, expected: page(2) },
      {
        request: post(JSON.stringify(large), TYPED),
        expected: checked((after, [before, first, second]) => {
          const pages = [before, first, second].map(readPage);
          const [four, ...twos] = pages as [Page, Page, Page];
          requireSameItems(four, readPage(after));
          const joined = twos.flatMap(({ items }) => items);
          // Large items can make any of the pages shorter.
          const count = Math.min(four.items.length, joined.length);
          return compareItems('of two pages', four.items.slice(0, count), joined.slice(0, count));
        }),
      },
    ],
  };
}

const wholeTable = { ...post('{}', TYPED), maxBodyBytes: MAX_TABLE_BYTES };

/** Checks the response to a scan without limits. The case ends unless it has the whole table. */
const checkWholeTable: BodyCheck = (response) => {
  if (response.cutOff === 'size') {
    throw new NotExaminedError(
      `the table is larger than the ${MAX_TABLE_BYTES / 1024 / 1024} MB that they read`,
    );
  }
  if (response.cutOff === 'timeout') {
    throw new NotExaminedError('the scan of the whole table takes longer than --timeout');
  }
  const violations = checkPage(response);
  if (violations.length > 0) return violations;
  const { lastEvaluatedKey, nextToken, items } = readPage(response);
  if (nextToken !== undefined)
    throw new NotExaminedError('the server returned a part of the table, with NextToken');
  if (lastEvaluatedKey !== undefined) {
    return [
      `expected all items, or NextToken, received ${items.length} items with LastEvaluatedKey: the server read only the first page of the table`,
    ];
  }
  if (items.length === 0) throw new NotExaminedError('the table, or the part that they read, has no items');
  return [];
};

const WHOLE_TABLE = checkedPart(checkWholeTable);

/** Continues after the last item of the first response, with the names of the key in the second one. */
const continueAfterLastItem: BodyBuilder = (_, [whole, one]) => {
  const last = readPage(whole).received.at(-1) ?? {};
  const { lastEvaluatedKey } = readPage(one);
  if (lastEvaluatedKey === undefined) throw new NotExaminedError('the server returns no key after one item');
  const key = Object.keys(lastEvaluatedKey).map((name) => [name, last[name]] as const);
  if (key.some(([, value]) => value === undefined)) {
    throw new NotExaminedError('the items do not have all attributes of their keys');
  }
  return `{"Limit":1,"ExclusiveStartKey":${stringify(Object.fromEntries(key))}}`;
};

/** Returns the first item of `other` that the whole table does not have. */
function missingItem(
  whole: Response | undefined,
  other: Response | undefined,
): Record<string, unknown> | undefined {
  const items = new Set(readPage(whole).items.map(canonical));
  return readPage(other).items.find((item) => !items.has(canonical(item)));
}

const truncationSteps: readonly Step[] = [
  {
    request: post('{"Limit":1}', TYPED),
    expected: checked((response, [whole]) => {
      const { items } = readPage(whole);
      const violations = checkPage(response);
      if (violations.length > 0) return violations;
      const { items: one, lastEvaluatedKey, nextToken } = readPage(response);
      if (one.length > 1) {
        return [
          `expected one item with Limit 1, received ${one.length}, and ${items.length} without Limit. A server that ignores Limit may return only the first page of the table, which the kit cannot detect`,
        ];
      }
      return lastEvaluatedKey === undefined && nextToken === undefined && items.length > 1
        ? [`expected LastEvaluatedKey after one of ${items.length} items, received none`]
        : [];
    }),
  },
  { request: { ...post('', TYPED), body: continueAfterLastItem }, expected: page(1) },
  {
    // An item that follows the last one may be new. Then a second scan has it.
    isNeeded: ([whole, , next]) => missingItem(whole, next) !== undefined,
    request: wholeTable,
    expected: checkedPart((again, [whole, , next]) => {
      const violations = checkWholeTable(again, []);
      const item = missingItem(again, next);
      if (violations.length > 0 || item === undefined) return violations;
      const { items } = readPage(whole);
      return [
        `expected all items, received ${items.length} without NextToken and without the item that follows them: ${excerpt(stringify(item))}`,
      ];
    }),
  },
];

export const anyTableCases: readonly Case[] = [
  {
    name: 'JSON has items, and counts that agree with them',
    link: SCAN_API,
    request: post(SAMPLE),
    expected: checked((response) => checkPage(response, SAMPLE_ITEMS), JSON_TYPE),
  },
  ...FORMATS.map(formatCase),
  pagingCase('LastEvaluatedKey or NextToken with Limit', { Limit: 4 }, { Limit: 2 }),
  pagingCase('NextToken with MaxItems', { MaxItems: 4, PageSize: 4 }, { MaxItems: 2, PageSize: 2 }),
  {
    name: 'A scan without Limit returns all items, or NextToken',
    link: `${SCAN_GUIDE}#Scan.Pagination`,
    request: wholeTable,
    expected: WHOLE_TABLE,
    then: truncationSteps,
  },
];
