/**
 * Fuzzes the transcoder with legal, flawed, mutated and truncated Scan responses. Compares its results
 * with those of an oracle, which is a simple reader plus JSON.parse:
 *
 *   npx ts-node --transpile-only scripts/fuzz-transcoder.ts [SECONDS] [SEED]
 */
import { isUtf8 } from 'node:buffer';
import {
  type ItemOptions,
  MalformedResponseError,
  PLAIN_JSON,
  type TranscodedScan,
  transcodeScan,
} from '../src/dynamodb/transcoder/transcoder';
import { mutate, Random, splice, writeResponse } from './fuzz-pages';

/** A run with fewer cases fails, because it would prove nothing. */
const MIN_CASES = 1000;
const MUTANTS_PER_PAGE = 7;
const SHRINKING_MS = 20_000;
/** Longer inputs and outputs are truncated in the report. */
const MAX_REPORTED_BYTES = 4000;

const MAX_DEPTH = 128;
const NUMBER = /^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$/;
const SPACE = /[ \t\n\r]*/y;
const TOKEN = /"[^"\\]*(?:\\[^][^"\\]*)*"|[{}[\],:]|[^ \t\n\r{}[\],:"]+/y;
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Bytes that an earlier page could leave in memory and that would continue a later, truncated page. */
const LEFTOVERS = [
  ...String.raw`0 9e1 a " \ \u0041 , : { } ] ]} "} "}]} "}}]} }} rue} alse}} ":{"S":" {"L":[ 😀`.split(' '),
  ...[' ', '{"S":"x"},', ',"Items":[]', '"Count":0}'],
];

interface Case {
  page: Buffer;
  options: ItemOptions;
  /** Positions at which the page is split into chunks. */
  cuts: readonly number[];
  /** Pages to transcode before this one. The result must be the same after each of them. */
  earlier: readonly Buffer[];
}

interface Finding {
  /** Undefined if the transcoder must reject the page. */
  expected: Expected | undefined;
  actual: TranscodedScan | Error;
}

interface Expected {
  items: string;
  rest: string;
}

/** Reads a response token by token and keeps the tokens as written. JSON.parse checks whether they are valid. */
class ResponseReader {
  private isRejected = false;
  /** Start and end of the latest token. */
  private from = 0;
  private to = 0;
  private readonly text: string;
  private readonly options: ItemOptions;

  constructor(text: string, options: ItemOptions) {
    this.text = text;
    this.options = options;
  }

  /** Returns the expected result of the transcoder, or undefined if it must reject the response. */
  read(): Expected | undefined {
    const { text, options } = this;
    let items: string[] | undefined;
    let rest = text;
    let count = '';
    this.each('{', '}', () => {
      const name = this.name();
      const from = this.to;
      if (name === 'Count') count = this.peek();
      if (name !== 'Items') {
        this.skip();
        return;
      }
      if (items !== undefined) this.reject();
      items = this.list(() => this.item());
      rest = `${text.slice(0, from)}[]${text.slice(this.to)}`;
    });
    const counts = items !== undefined || options.countOnly !== true;
    // Only the token of a number converts to one: the tokens of strings have quotes.
    if (counts && (count === '' || Number(count) !== (items?.length ?? 0))) this.reject();
    if (this.isRejected) return undefined;
    return { items: (items ?? []).slice(0, options.atMost).join(options.separator), rest };
  }

  private item(): string {
    this.peek();
    const { from } = this;
    const plain = this.map(0);
    return this.options.values === 'typed' ? this.text.slice(from, this.to) : plain;
  }

  private map(depth: number): string {
    const members: string[] = [];
    this.each('{', '}', () => {
      const name = this.next();
      this.expect(':');
      members.push(`${name}:${this.value(depth + 1)}`);
    });
    return `{${members.join(',')}}`;
  }

  private value(depth: number): string {
    if (depth > MAX_DEPTH) return this.reject();
    const members: string[] = [];
    this.each('{', '}', () => members.push(this.content(this.name(), depth)));
    const [only, second] = members;
    return only === undefined || second !== undefined ? this.reject() : only;
  }

  private content(type: string, depth: number): string {
    switch (type) {
      case 'S':
      case 'B':
        return this.string();
      case 'N':
        return this.number();
      case 'BOOL':
        return this.expect('true', 'false');
      case 'NULL':
        return this.expect('true') && 'null';
      case 'M':
        return this.map(depth);
      case 'L':
        return `[${this.list(() => this.value(depth + 1)).join(',')}]`;
      case 'NS':
        return `[${this.list(() => this.number()).join(',')}]`;
      case 'SS':
      case 'BS':
        return `[${this.list(() => this.string()).join(',')}]`;
      default:
        return this.reject();
    }
  }

  private number(): string {
    const digits = valueOf(this.string());
    if (!NUMBER.test(digits)) return this.reject();
    return this.options.numbers === 'string' ? `"${digits}"` : digits;
  }

  private string(): string {
    const token = this.next();
    return token.startsWith('"') ? token : this.reject();
  }

  private name(): string {
    const name = valueOf(this.string());
    this.expect(':');
    return name;
  }

  private list(read: () => string): string[] {
    const elements: string[] = [];
    this.each('[', ']', () => elements.push(read()));
    return elements;
  }

  private each(open: string, close: string, read: () => unknown): void {
    this.expect(open);
    if (this.peek() === close) {
      this.next();
      return;
    }
    do read();
    while (this.next() === ',');
  }

  private skip(): void {
    let depth = 0;
    do {
      const token = this.next();
      if (token === '') return;
      if (token === '{' || token === '[') depth++;
      else if (token === '}' || token === ']') depth--;
    } while (depth > 0);
  }

  private expect(...tokens: readonly string[]): string {
    const token = this.next();
    return tokens.includes(token) ? token : this.reject();
  }

  /** Returns the next token, or an empty string at the end. */
  private next(): string {
    SPACE.lastIndex = this.to;
    SPACE.test(this.text);
    TOKEN.lastIndex = this.from = SPACE.lastIndex;
    this.to = TOKEN.test(this.text) ? TOKEN.lastIndex : this.text.length;
    return this.text.slice(this.from, this.to);
  }

  /** Returns the next token without consuming it. */
  private peek(): string {
    const { to } = this;
    const token = this.next();
    this.to = to;
    return token;
  }

  /** Moves to the end, so that nothing more is read. Throwing an exception would be much slower. */
  private reject(): string {
    this.isRejected = true;
    this.to = this.text.length;
    return '';
  }
}

/** Returns the expected result for a page, or undefined if the transcoder must reject it. */
function expectedOf(page: Buffer, options: ItemOptions): Expected | undefined {
  const text = decoded(page);
  if (text === undefined) return undefined;
  try {
    const expected = new ResponseReader(text, options).read();
    if (expected !== undefined) JSON.parse(text);
    return expected;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function decoded(page: Buffer): string | undefined {
  try {
    return UTF8.decode(page);
  } catch {
    return undefined;
  }
}

/** Returns the value of a string token. */
function valueOf(token: string): string {
  return token.includes('\\') ? (JSON.parse(token) as string) : token.slice(1, -1);
}

/** Compares byte by byte: strings, numbers, typed items and the rest must be exactly as they were written. */
function agree({ actual, expected }: Finding): boolean {
  if (expected === undefined) return actual instanceof MalformedResponseError;
  if (actual instanceof Error || actual.rest !== expected.rest) return false;
  return actual.items.equals(Buffer.from(expected.items));
}

function transcode(chunks: readonly Uint8Array[], options: ItemOptions): TranscodedScan | Error {
  try {
    return transcodeScan(Buffer.concat(chunks), options);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** Returns the disagreement of transcoder and oracle on a case, or undefined if they agree. */
function findingOf(
  { page, options, cuts, earlier }: Case,
  expected = expectedOf(page, options),
): Finding | undefined {
  const input = Buffer.from(page);
  const chunks = [...cuts, input.length].map((cut, index) => input.subarray(cuts[index - 1] ?? 0, cut));
  const findings: Finding[] = [];
  for (const before of earlier) {
    transcode([before], PLAIN_JSON);
    findings.push({ expected, actual: transcode(chunks, options) });
  }
  // The result of a page must stay valid while the next page is transcoded.
  if (expected !== undefined) transcode(earlier.slice(0, 1), PLAIN_JSON);
  const finding = findings.find((candidate) => !agree(candidate));
  if (finding ?? input.equals(page)) return finding;
  return { expected, actual: new Error('the input was modified') };
}

/** Reduces a case to the shortest page and the simplest options that still show a disagreement. */
function shrink(found: Case): Case {
  const deadline = performance.now() + SHRINKING_MS;
  const isOver = () => performance.now() > deadline;
  let smallest = found;
  const fails = (changed: Partial<Case>): boolean => {
    const candidate = { ...smallest, ...changed };
    if (findingOf(candidate) === undefined) return false;
    smallest = candidate;
    return true;
  };
  fails({ earlier: [Buffer.of()] });
  fails({ cuts: [] });
  fails({ options: PLAIN_JSON });
  for (let size = found.page.length >> 1; size > 0;) {
    const { page } = smallest;
    for (let at = 0; at < smallest.page.length && !isOver();) {
      const { page: remaining } = smallest;
      if (!fails({ page: splice(remaining, at, at + size, Buffer.of()) })) at += size;
    }
    size = size === 1 && smallest.page.length < page.length ? 1 : size >> 1;
  }
  return smallest;
}

function excerpt(bytes: Buffer): string {
  const suffix = bytes.length > MAX_REPORTED_BYTES ? `… of ${bytes.length} bytes` : '';
  const shown = bytes.subarray(0, MAX_REPORTED_BYTES);
  return (isUtf8(shown) ? JSON.stringify(shown.toString()) : `base64 ${shown.toString('base64')}`) + suffix;
}

function describe(result: Finding['actual'] | Finding['expected']): string {
  if (result === undefined) return 'MalformedResponseError';
  if (result instanceof Error) return `${result.name}: ${result.message}`;
  return `items ${excerpt(Buffer.from(result.items))} rest ${excerpt(Buffer.from(result.rest))}`;
}

function report(found: Case): void {
  const smallest = shrink(found);
  const { expected, actual } = findingOf(smallest) ?? {};
  const { page, options, cuts, earlier } = smallest;
  const lines = [
    `input    ${excerpt(page)}`,
    `options  ${JSON.stringify(options)}, cut at [${cuts.join()}]`,
    `after    ${earlier.map(excerpt).join(' and ')}`,
    `expected ${describe(expected)}`,
    `actual   ${describe(actual)}`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

function optionsOf(random: Random, isCount: boolean): ItemOptions {
  return {
    values: random.pick(['plain', 'plain', 'typed']),
    numbers: random.pick(['number', 'string']),
    separator: random.pick([',', '\n']),
    ...(random.oneIn(4) && { atMost: random.below(6) }),
    ...(isCount && { countOnly: true }),
  };
}

/** Creates a case. Earlier pages leave bytes in memory, such as the rest of the original of a truncated page. */
function caseOf(random: Random, page: Buffer, original: Buffer, isCount: boolean): Case {
  const cuts = Array.from({ length: random.pick([0, 0, 1, 2, 5]) }, () => random.below(page.length + 1));
  const leftovers = Buffer.alloc(page.length + 128, random.pick(LEFTOVERS));
  const options = optionsOf(random, isCount);
  const earlier = random.pick([[original], [leftovers], [original], [leftovers], [original, leftovers]]);
  return { page, options, cuts: cuts.sort((a, b) => a - b), earlier };
}

/** Yields legal and flawed responses, and mutations of both. */
function* cases(random: Random): Generator<Case & { isLegal: boolean }> {
  let other = Buffer.from(writeResponse(random, { isFlawed: false, isCount: false }));
  for (;;) {
    const style = { isFlawed: random.oneIn(2), isCount: random.oneIn(16) };
    const page = Buffer.from(writeResponse(random, style));
    yield { ...caseOf(random, page, other, style.isCount), isLegal: !style.isFlawed };
    for (let mutant = 0; mutant < MUTANTS_PER_PAGE; mutant++) {
      const isCount = style.isCount !== random.oneIn(8);
      yield { ...caseOf(random, mutate(random, page, other), page, isCount), isLegal: false };
    }
    other = page;
  }
}

/** Runs cases until the time is up. Returns false at the first finding, or if there were too few cases. */
function fuzz(seconds: number, seed: number): boolean {
  const start = performance.now();
  const elapsed = () => (performance.now() - start) / 1000;
  const counts = { cases: 0, legal: 0, rejected: 0 };
  for (const candidate of cases(new Random(seed))) {
    counts.cases++;
    const expected = expectedOf(candidate.page, candidate.options);
    const isLegal = expected !== undefined;
    if (candidate.isLegal && !isLegal)
      throw new Error(`the oracle rejects the legal page ${excerpt(candidate.page)}`);
    counts[isLegal ? 'legal' : 'rejected']++;
    if (findingOf(candidate, expected) !== undefined) {
      process.stdout.write(`seed ${seed}, case ${counts.cases}, after ${elapsed().toFixed(1)} s\n`);
      report(candidate);
      return false;
    }
    if (elapsed() >= seconds) break;
  }
  const { cases: ran, legal, rejected } = counts;
  const rate = Math.round(ran / elapsed());
  process.stdout.write(
    `${ran} cases, ${legal} legal, ${rejected} rejected, ${elapsed().toFixed(1)} s, ${rate}/s, seed ${seed}\n`,
  );
  return ran >= MIN_CASES && legal > 0 && rejected > 0;
}

/** The fuzzer throws millions of errors. Without their stack traces it is faster. */
Error.stackTraceLimit = 0;
const [seconds = '20', seed = String(Date.now() % 2 ** 31)] = process.argv.slice(2);
process.stdout.write(`seed ${seed}\n`);
process.exitCode = fuzz(Number(seconds), Number(seed)) ? 0 : 1;
