/**
 * Fuzzes the transcoder with legal, flawed, mutated and truncated Scan answers, and compares with what
 * JSON.parse and a plain reader make of them:
 *
 *   npx ts-node --transpile-only scripts/fuzz-transcoder.ts [SECONDS] [SEED]
 */
import { isUtf8 } from 'node:buffer';
import { MalformedAnswerError, PLAIN_JSON, transcodeScan } from '../src/dynamodb/transcoder/transcoder';
import type { ItemOptions, TranscodedScan } from '../src/dynamodb/transcoder/transcoder';
import { mutate, Random, splice, writeAnswer } from './fuzz-pages';

/** Fewer cases than this would prove nothing. */
const FEWEST_CASES = 1000;
const MUTANTS = 7;
const SHRINKING_MS = 20_000;
/** Longer inputs and outputs are cut in what is reported. */
const REPORTED = 4000;

const MAX_DEPTH = 128;
const NUMBER = /^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$/;
const SPACE = /[ \t\n\r]*/y;
const TOKEN = /"[^"\\]*(?:\\[^][^"\\]*)*"|[{}[\],:]|[^ \t\n\r{}[\],:"]+/y;
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** What an earlier page could leave in memory that a later one would go on with. */
const LEFTOVERS = [
  ...String.raw`0 9e1 a " \ \u0041 , : { } ] ]} "} "}]} "}}]} }} rue} alse}} ":{"S":" {"L":[ 😀`.split(' '),
  ...[' ', '{"S":"x"},', ',"Items":[]', '"Count":0}'],
];

interface Case {
  page: Buffer;
  options: ItemOptions;
  /** Where the page is cut in pieces. */
  cuts: readonly number[];
  /** Pages before it: after each of them the outcome is to be the same. */
  earlier: readonly Buffer[];
}

interface Finding {
  /** Undefined where the page is to be refused. */
  expected: Expected | undefined;
  actual: TranscodedScan | Error;
}

interface Expected {
  items: string;
  rest: string;
}

/** Reads an answer by its tokens, which it keeps as written. Whether they are JSON, JSON.parse is to say. */
class AnswerReader {
  private isRefused = false;
  /** Where the latest token begins and ends. */
  private from = 0;
  private to = 0;
  private readonly text: string;
  private readonly options: ItemOptions;

  constructor(text: string, options: ItemOptions) {
    this.text = text;
    this.options = options;
  }

  /** What the transcoder is to make of the answer; undefined where it is to be refused. */
  answer(): Expected | undefined {
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
      if (items !== undefined) this.refuse();
      items = this.list(() => this.record());
      rest = `${text.slice(0, from)}[]${text.slice(this.to)}`;
    });
    const counts = items !== undefined || options.countOnly !== true;
    // No token but a number's is one: those of strings have quotes.
    if (counts && (count === '' || Number(count) !== (items?.length ?? 0))) this.refuse();
    if (this.isRefused) return undefined;
    return { items: (items ?? []).slice(0, options.atMost).join(options.separator), rest };
  }

  private record(): string {
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
    if (depth > MAX_DEPTH) return this.refuse();
    const members: string[] = [];
    this.each('{', '}', () => members.push(this.content(this.name(), depth)));
    const [only, second] = members;
    return only === undefined || second !== undefined ? this.refuse() : only;
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
        return this.refuse();
    }
  }

  private number(): string {
    const digits = valueOf(this.string());
    if (!NUMBER.test(digits)) return this.refuse();
    return this.options.numbers === 'string' ? `"${digits}"` : digits;
  }

  private string(): string {
    const token = this.next();
    return token.startsWith('"') ? token : this.refuse();
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
    return tokens.includes(token) ? token : this.refuse();
  }

  /** The next token; empty at the end. */
  private next(): string {
    SPACE.lastIndex = this.to;
    SPACE.test(this.text);
    TOKEN.lastIndex = this.from = SPACE.lastIndex;
    this.to = TOKEN.test(this.text) ? TOKEN.lastIndex : this.text.length;
    return this.text.slice(this.from, this.to);
  }

  /** The next token, which comes again. */
  private peek(): string {
    const { to } = this;
    const token = this.next();
    this.to = to;
    return token;
  }

  /** There is nothing more to read then; an exception would take longer than all the rest. */
  private refuse(): string {
    this.isRefused = true;
    this.to = this.text.length;
    return '';
  }
}

/** What is to come of a page; undefined where it is to be refused. */
function expectedOf(page: Buffer, options: ItemOptions): Expected | undefined {
  const text = decoded(page);
  if (text === undefined) return undefined;
  try {
    const answer = new AnswerReader(text, options).answer();
    if (answer !== undefined) JSON.parse(text);
    return answer;
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

/** The value of a string's token. */
function valueOf(token: string): string {
  return token.includes('\\') ? (JSON.parse(token) as string) : token.slice(1, -1);
}

/** Strings and numbers are to be as they were written, typed records and the rest to the byte. */
function agree({ actual, expected }: Finding): boolean {
  if (expected === undefined) return actual instanceof MalformedAnswerError;
  if (actual instanceof Error || actual.rest !== expected.rest) return false;
  return actual.items.equals(Buffer.from(expected.items));
}

function outcome(pieces: readonly Uint8Array[], options: ItemOptions): TranscodedScan | Error {
  try {
    return transcodeScan(Buffer.concat(pieces), options);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** Where the transcoder and the oracle disagree on a case; undefined where they do not. */
function findingOf(
  { page, options, cuts, earlier }: Case,
  expected = expectedOf(page, options),
): Finding | undefined {
  const sent = Buffer.from(page);
  const pieces = [...cuts, sent.length].map((cut, index) => sent.subarray(cuts[index - 1] ?? 0, cut));
  const findings: Finding[] = [];
  for (const before of earlier) {
    outcome([before], PLAIN_JSON);
    findings.push({ expected, actual: outcome(pieces, options) });
  }
  // What came of a page must outlive the next page.
  if (expected !== undefined) outcome(earlier.slice(0, 1), PLAIN_JSON);
  const finding = findings.find((candidate) => !agree(candidate));
  if (finding ?? sent.equals(page)) return finding;
  return { expected, actual: new Error('the input was modified') };
}

/** The case with a page as short, and around it as little, as still shows a disagreement. */
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
      const { page: left } = smallest;
      if (!fails({ page: splice(left, at, at + size, Buffer.of()) })) at += size;
    }
    size = size === 1 && smallest.page.length < page.length ? 1 : size >> 1;
  }
  return smallest;
}

function written(bytes: Buffer): string {
  const cut = bytes.length > REPORTED ? `… of ${bytes.length} bytes` : '';
  const shown = bytes.subarray(0, REPORTED);
  return (isUtf8(shown) ? JSON.stringify(shown.toString()) : `base64 ${shown.toString('base64')}`) + cut;
}

function describe(outcome: Finding['actual'] | Finding['expected']): string {
  if (outcome === undefined) return 'MalformedAnswerError';
  if (outcome instanceof Error) return `${outcome.name}: ${outcome.message}`;
  return `items ${written(Buffer.from(outcome.items))} rest ${written(Buffer.from(outcome.rest))}`;
}

function report(found: Case): void {
  const smallest = shrink(found);
  const { expected, actual } = findingOf(smallest) ?? {};
  const { page, options, cuts, earlier } = smallest;
  const lines = [
    `input    ${written(page)}`,
    `options  ${JSON.stringify(options)}, cut at [${cuts.join()}]`,
    `after    ${earlier.map(written).join(' and ')}`,
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

/** A case of a page; what could be read past its end is, among others, how the original went on. */
function caseOf(random: Random, page: Buffer, original: Buffer, isCount: boolean): Case {
  const cuts = Array.from({ length: random.pick([0, 0, 1, 2, 5]) }, () => random.below(page.length + 1));
  const leftovers = Buffer.alloc(page.length + 128, random.pick(LEFTOVERS));
  const options = optionsOf(random, isCount);
  const earlier = random.pick([[original], [leftovers], [original], [leftovers], [original, leftovers]]);
  return { page, options, cuts: cuts.sort((a, b) => a - b), earlier };
}

/** Legal answers, flawed ones, and what mutations make of both. */
function* cases(random: Random): Generator<Case & { isLegal: boolean }> {
  let other = Buffer.from(writeAnswer(random, { isFlawed: false, isCount: false }));
  for (;;) {
    const style = { isFlawed: random.oneIn(2), isCount: random.oneIn(16) };
    const page = Buffer.from(writeAnswer(random, style));
    yield { ...caseOf(random, page, other, style.isCount), isLegal: !style.isFlawed };
    for (let mutant = 0; mutant < MUTANTS; mutant++) {
      const isCount = style.isCount !== random.oneIn(8);
      yield { ...caseOf(random, mutate(random, page, other), page, isCount), isLegal: false };
    }
    other = page;
  }
}

/** Runs cases until the time is up; false at the first finding, or where too little was tried. */
function fuzz(seconds: number, seed: number): boolean {
  const start = performance.now();
  const elapsed = () => (performance.now() - start) / 1000;
  const counts = { cases: 0, legal: 0, refused: 0 };
  for (const candidate of cases(new Random(seed))) {
    counts.cases++;
    const expected = expectedOf(candidate.page, candidate.options);
    const isLegal = expected !== undefined;
    if (candidate.isLegal && !isLegal) throw new Error(`the oracle refuses ${written(candidate.page)}`);
    counts[isLegal ? 'legal' : 'refused']++;
    if (findingOf(candidate, expected) !== undefined) {
      process.stdout.write(`seed ${seed}, case ${counts.cases}, after ${elapsed().toFixed(1)} s\n`);
      report(candidate);
      return false;
    }
    if (elapsed() >= seconds) break;
  }
  const { cases: ran, legal, refused } = counts;
  const rate = Math.round(ran / elapsed());
  process.stdout.write(
    `${ran} cases, ${legal} legal, ${refused} refused, ${elapsed().toFixed(1)} s, ${rate}/s, seed ${seed}\n`,
  );
  return ran >= FEWEST_CASES && legal > 0 && refused > 0;
}

/** Millions of errors are thrown, and nobody reads where. */
Error.stackTraceLimit = 0;
const [seconds = '20', seed = String(Date.now() % 2 ** 31)] = process.argv.slice(2);
process.stdout.write(`seed ${seed}\n`);
process.exitCode = fuzz(Number(seconds), Number(seed)) ? 0 : 1;
