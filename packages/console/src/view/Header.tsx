/** The top line: the table, its key and size, and the parts of the page. */
import { useState } from 'preact/hooks';
import type { ConsoleConfig } from '../api/api';
import type { KeyAttribute, TableDescription } from '../api/table';
import type { Tab, ViewState } from '../query/viewState';
import { formatCount } from './format';
import { applyTheme, storedTheme, THEMES, type Theme } from './theme';

interface Props {
  config: ConsoleConfig | undefined;
  table: TableDescription | undefined;
  view: ViewState;
  setView: (change: Partial<ViewState>) => void;
}

export function Header({ config, table, view, setView }: Props) {
  return (
    <header class="top">
      <h1 class="brand">
        <Logo /> <span>Scan Records</span>
      </h1>
      {config !== undefined && <TablePicker {...{ config, table, view, setView }} />}
      {table !== undefined && <KeySummary table={table} view={view} />}
      <Tabs view={view} setView={setView} />
      <ThemeButton />
    </header>
  );
}

function TablePicker({ config, table, view, setView }: Props & { config: ConsoleConfig }) {
  const selected = view.table ?? config.defaultTable;
  const tables = config.tables.includes(selected) ? config.tables : [...config.tables, selected];
  const reset = { index: undefined, conditions: [], sort: undefined, hidden: [], chart: undefined };
  return (
    <div class="pickers">
      <select
        aria-label="Table"
        value={selected}
        onChange={(event) => setView({ ...reset, table: event.currentTarget.value })}
      >
        {tables.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
      {table !== undefined && table.Indexes.length > 0 && (
        <select
          aria-label="Table or index to read"
          value={table.Indexes.some(({ IndexName }) => IndexName === view.index) ? view.index : ''}
          onChange={(event) => setView({ index: event.currentTarget.value || undefined, sort: undefined })}
        >
          <option value="">whole table</option>
          {table.Indexes.map(({ IndexName, Projection }) => (
            <option key={IndexName} value={IndexName}>
              index {IndexName}
              {Projection === 'ALL' ? '' : ' (some attributes)'}
            </option>
          ))}
        </select>
      )}
    </div>
  );
}

function KeySummary({ table, view }: { table: TableDescription; view: ViewState }) {
  const index = table.Indexes.find(({ IndexName }) => IndexName === view.index);
  const { KeySchema, ItemCount } = index ?? table;
  return (
    <dl class="facts">
      <div>
        <dt>Key</dt>
        <dd>
          {KeySchema.map((key) => (
            <KeyChip key={key.AttributeName} attribute={key} />
          ))}
        </dd>
      </div>
      {ItemCount !== undefined && (
        <div>
          <dt>Items</dt>
          <dd title="DynamoDB's estimate, which it updates about every six hours">
            ≈ {formatCount(ItemCount)}
          </dd>
        </div>
      )}
    </dl>
  );
}

function KeyChip({ attribute }: { attribute: KeyAttribute }) {
  const { AttributeName, AttributeType, KeyType } = attribute;
  const role = KeyType === 'HASH' ? 'partition key' : 'sort key';
  return (
    <span class="chip" title={`${role}, type ${AttributeType}`}>
      {AttributeName} <span class="type">{AttributeType}</span>
      <span class="sr-only">, {role}</span>
    </span>
  );
}

const TABS: readonly [Tab, string][] = [
  ['items', 'Items'],
  ['charts', 'Charts'],
  ['cors', 'CORS'],
];

function Tabs({ view, setView }: Pick<Props, 'view' | 'setView'>) {
  return (
    <nav class="tabs" aria-label="Parts of this page">
      {TABS.map(([tab, label]) => (
        <button
          key={tab}
          type="button"
          aria-current={view.tab === tab ? 'page' : undefined}
          onClick={() => setView({ tab })}
        >
          {label}
        </button>
      ))}
    </nav>
  );
}

const THEME_ICONS: Readonly<Record<Theme, string>> = { system: '◐', light: '○', dark: '●' };

function ThemeButton() {
  const [theme, setTheme] = useState(storedTheme);
  const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'system';
  return (
    <button
      type="button"
      class="icon"
      aria-label={`Colors: ${theme}. Switch to ${next}`}
      title={`Colors: ${theme}`}
      onClick={() => {
        applyTheme(next);
        setTheme(next);
      }}
    >
      {THEME_ICONS[theme]}
    </button>
  );
}

function Logo() {
  return (
    <svg width="20" height="20" viewBox="0 0 16 16" aria-hidden="true">
      <rect width="16" height="16" rx="3.5" fill="var(--accent)" />
      <path d="M4 4.5h8M4 8h8M4 11.5h5" stroke="var(--on-accent)" stroke-width="1.6" stroke-linecap="round" />
    </svg>
  );
}
