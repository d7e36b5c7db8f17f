/** Shows and hides columns. */
import { useState } from 'preact/hooks';
import type { GridColumn } from './columns';
import { Menu } from './Menu';

interface Props {
  columns: readonly GridColumn[];
  shown: readonly GridColumn[];
  /** @param hidden the names of all columns that are hidden from now on. */
  onHide: (hidden: string[]) => void;
}

export function ColumnsMenu({ columns, shown, onHide }: Props) {
  const [search, setSearch] = useState('');
  const names = new Set(shown.map(({ name }) => name));
  const hiddenExcept = (keep: ReadonlySet<string>) =>
    columns.map(({ name }) => name).filter((name) => !keep.has(name));
  const toggle = (name: string) => {
    const keep = new Set(names);
    if (!keep.delete(name)) keep.add(name);
    onHide(hiddenExcept(keep));
  };
  const matches = columns.filter(({ name }) => name.toLowerCase().includes(search.toLowerCase()));
  const count =
    shown.length === columns.length ? `${columns.length}` : `${shown.length} of ${columns.length}`;
  return (
    <Menu label={`Columns ${count}`} title="Columns">
      <div class="panel-bar">
        <input
          type="search"
          aria-label="Find a column"
          placeholder="Find"
          value={search}
          onInput={(event) => setSearch(event.currentTarget.value)}
        />
        <button type="button" onClick={() => onHide([])}>
          All
        </button>
        <button type="button" onClick={() => onHide(hiddenExcept(keysOf(columns)))}>
          Key only
        </button>
      </div>
      <ul class="checks">
        {matches.map(({ name, types }) => (
          <li key={name}>
            <label>
              <input type="checkbox" checked={names.has(name)} onChange={() => toggle(name)} />
              <span class="name">{name === '' ? '(empty name)' : name}</span>
              <span class="type">{[...types.keys()].join(' ')}</span>
            </label>
          </li>
        ))}
      </ul>
    </Menu>
  );
}

function keysOf(columns: readonly GridColumn[]): Set<string> {
  return new Set(columns.filter(({ isKey }) => isKey).map(({ name }) => name));
}
