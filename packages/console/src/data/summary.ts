/** Summarizes the values of each attribute for charts. No I/O. */
import {
  contentOf,
  plainJson,
  typeOf,
  type AttributeType,
  type AttributeValue,
  type Item,
} from './attributeValue';
import { binNumbers, binTimes, type Histogram } from './histogram';

export interface TopValue {
  type: AttributeType;
  text: string;
  count: number;
}

export interface AttributeSummary {
  name: string;
  /** How many items have the attribute. */
  present: number;
  types: [AttributeType, number][];
  /** Of the values that are numbers. */
  numbers: Histogram | undefined;
  /** Of the values that are dates, or numbers that are milliseconds or seconds since 1970. */
  times: Histogram | undefined;
  /** The most frequent values, and elements of sets. */
  top: TopValue[];
  /** How many different values there are; at least this many if there are more than the page counts. */
  distinct: number;
  isDistinctExact: boolean;
  /** Pairs of numbers that can be longitude and latitude. */
  points: [number, number][];
}

const MAX_DISTINCT = 20_000;
const MAX_TOP = 12;
const MAX_POINTS = 5000;
const MAX_VALUE_CHARS = 80;

/** Collects what the charts show, item by item, so that callers can pause. */
export class Summarizer {
  private readonly collectors = new Map<string, Collector>();

  add(item: Item): void {
    for (const [name, value] of Object.entries(item)) {
      let collector = this.collectors.get(name);
      if (collector === undefined) this.collectors.set(name, (collector = new Collector()));
      collector.add(value);
    }
  }

  /** Returns a summary for each attribute, in order of appearance. */
  summaries(): AttributeSummary[] {
    return [...this.collectors].map(([name, collector]) => collector.summary(name));
  }
}

class Collector {
  private present = 0;
  private readonly types = new Map<AttributeType, number>();
  private readonly numbers: number[] = [];
  private readonly dates: number[] = [];
  private readonly counts = new Map<AttributeType, Map<string, TopValue>>();
  private distinct = 0;
  private isDistinctExact = true;
  private readonly points: [number, number][] = [];

  add(value: AttributeValue): void {
    const type = typeOf(value);
    this.present += 1;
    this.types.set(type, (this.types.get(type) ?? 0) + 1);
    if ('N' in value) this.numbers.push(Number(value.N));
    if ('S' in value && ISO_DATE.test(value.S)) this.dates.push(Date.parse(value.S));
    if ('L' in value && this.points.length < MAX_POINTS) this.points.push(...pointOf(value.L));
    for (const [elementType, text] of countedTexts(value)) this.count(elementType, text);
  }

  summary(name: string): AttributeSummary {
    const values = [...this.counts.values()].flatMap((texts) => [...texts.values()]);
    return {
      name,
      present: this.present,
      types: [...this.types].sort(([, one], [, other]) => other - one),
      numbers: binNumbers(this.numbers),
      times: binTimes(this.times()),
      top: values.sort((one, other) => other.count - one.count).slice(0, MAX_TOP),
      distinct: values.length,
      isDistinctExact: this.isDistinctExact,
      points: this.points,
    };
  }

  private count(type: AttributeType, text: string): void {
    let values = this.counts.get(type);
    if (values === undefined) this.counts.set(type, (values = new Map<string, TopValue>()));
    const known = values.get(text);
    if (known !== undefined) {
      known.count += 1;
    } else if (this.distinct < MAX_DISTINCT) {
      values.set(text, { type, text, count: 1 });
      this.distinct += 1;
    } else {
      this.isDistinctExact = false;
    }
  }

  /** Milliseconds since 1970, empty if not nearly all strings, or all numbers, are times. */
  private times(): number[] {
    const dates = this.dates.filter((time) => !Number.isNaN(time));
    if (dates.length > 0 && dates.length >= 0.9 * (this.types.get('S') ?? 0)) return dates;
    const unit = TIME_UNITS.find(({ from, to }) => this.numbers.every((time) => time >= from && time < to));
    return unit === undefined ? [] : this.numbers.map((time) => time * unit.ms);
  }
}

const ISO_DATE = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}|$)/;

/** The years 2000 to 2100, in seconds and in milliseconds. */
const TIME_UNITS = [
  { from: 946_684_800, to: 4_102_444_800, ms: 1000 },
  { from: 946_684_800_000, to: 4_102_444_800_000, ms: 1 },
];

function pointOf([x, y, ...others]: readonly AttributeValue[]): [number, number][] {
  if (x === undefined || y === undefined || !('N' in x) || !('N' in y) || others.length > 1) return [];
  const [longitude, latitude] = [Number(x.N), Number(y.N)];
  return Math.abs(longitude) <= 180 && Math.abs(latitude) <= 90 ? [[longitude, latitude]] : [];
}

/** Returns the values that are counted. Long ones differ too often. */
function countedTexts(value: AttributeValue): [AttributeType, string][] {
  const type = typeOf(value);
  if ('SS' in value || 'NS' in value) {
    const elements = contentOf(value) as string[];
    return elements.map((text) => [type === 'SS' ? 'S' : 'N', text.slice(0, MAX_VALUE_CHARS)]);
  }
  if ('S' in value) return [['S', value.S.slice(0, MAX_VALUE_CHARS)]];
  if ('N' in value || 'BOOL' in value) return [[type, plainJson(value, 0)]];
  return [];
}
