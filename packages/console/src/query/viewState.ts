/** What the page shows, as the part of its URL behind `#`: a view can be shared, and no server sees it. No I/O. */
import type { SortOrder } from '../data/sort';
import { OPERATORS } from './operators';
import { conditionIssue, type Condition, type Match } from './filter';

export type Tab = 'items' | 'charts' | 'cors';

export interface ViewState {
  tab: Tab;
  /** Undefined means the default table. */
  table: string | undefined;
  index: string | undefined;
  conditions: readonly Condition[];
  match: Match;
  sort: SortOrder | undefined;
  /** Names of columns that the user has hidden. */
  hidden: readonly string[];
  /** The attribute that the charts show. */
  chart: string | undefined;
}

const TABS: readonly Tab[] = ['items', 'charts', 'cors'];

/** Writes the state as a URL fragment without `#`. Parts with their default value are left out. */
export function fragmentOf(view: ViewState): string {
  const { tab, table, index, conditions, match, sort, hidden, chart } = view;
  const parts = new URLSearchParams();
  if (tab !== 'items') parts.set('tab', tab);
  if (table !== undefined) parts.set('table', table);
  if (index !== undefined) parts.set('index', index);
  if (conditions.length > 0) parts.set('filter', JSON.stringify(conditions.map(toArray)));
  if (match === 'any') parts.set('match', match);
  if (sort !== undefined) parts.set('sort', `${sort.descending ? '-' : '+'}${sort.attribute}`);
  if (hidden.length > 0) parts.set('hide', JSON.stringify(hidden));
  if (chart !== undefined) parts.set('chart', chart);
  return parts.toString();
}

/** Reads a fragment. Parts that are not valid have their default value: the user may have typed the URL. */
export function viewOf(fragment: string): ViewState {
  const parts = new URLSearchParams(fragment);
  const get = (name: string) => parts.get(name) ?? undefined;
  const sort = /^([ +-])(.+)$/s.exec(get('sort') ?? '');
  return {
    tab: TABS.find((tab) => tab === get('tab')) ?? 'items',
    table: get('table'),
    index: get('index'),
    conditions: arrayOf(get('filter')).flatMap(toCondition),
    match: get('match') === 'any' ? 'any' : 'all',
    sort: sort === null ? undefined : { attribute: sort[2] ?? '', descending: sort[1] === '-' },
    hidden: arrayOf(get('hide')).filter((name) => typeof name === 'string'),
    chart: get('chart'),
  };
}

function toArray({ attribute, operator, type, value, upper }: Condition): string[] {
  return [attribute, operator, type, value, ...(upper === undefined ? [] : [upper])];
}

function toCondition(entry: unknown): Condition[] {
  if (!Array.isArray(entry) || !entry.every((part) => typeof part === 'string')) return [];
  const [attribute = '', operator = '', type = '', value = '', upper] = entry;
  const known = OPERATORS.find(({ id }) => id === operator);
  if (known === undefined || !VALUE_TYPES.includes(type)) return [];
  const condition = { attribute, operator: known.id, type: type as Condition['type'], value };
  const complete = upper === undefined ? condition : { ...condition, upper };
  return conditionIssue(complete) === undefined ? [complete] : [];
}

const VALUE_TYPES = ['S', 'N', 'B', 'BOOL', 'NULL', 'M', 'L', 'SS', 'NS', 'BS'];

function arrayOf(json: string | undefined): unknown[] {
  try {
    const value: unknown = JSON.parse(json ?? '[]');
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}
