/** Builds a filter row by row, and shows the expressions that it becomes. */
import { useEffect, useState } from 'preact/hooks';
import type { IndexDescription, KeyAttribute, TableDescription } from '../api/table';
import type { ItemStore } from '../data/itemStore';
import { conditionIssue, expressionsOf, type Condition } from '../query/expressions';
import type { ViewState } from '../query/viewState';
import { ConditionRow } from './ConditionRow';

interface Props {
  table: TableDescription;
  index: IndexDescription | undefined;
  store: ItemStore;
  view: ViewState;
  setView: (change: Partial<ViewState>) => void;
}

const NEW_CONDITION: Condition = { attribute: '', operator: 'eq', type: 'S', value: '' };

export function FilterBar({ table, index, store, view, setView }: Props) {
  const [draft, setDraft] = useState<readonly Condition[]>(view.conditions);
  const applied = JSON.stringify(view.conditions);
  useEffect(() => setDraft(view.conditions), [applied]);
  const key = (index ?? table).KeySchema;
  const issues = draft.map(conditionIssue);
  const isValid = issues.every((issue) => issue === undefined);
  const isChanged = JSON.stringify(draft) !== applied;
  const apply = (event: Event) => {
    event.preventDefault();
    if (isValid) setView({ conditions: draft });
  };
  const replace = (at: number, change: Condition | undefined) => {
    const next = draft.flatMap((one, position) => (position !== at ? [one] : (change ?? [])));
    setDraft(next);
    // The last condition is removed at once: there is nothing left to apply.
    if (next.length === 0 && view.conditions.length > 0) setView({ conditions: [] });
  };
  return (
    <form class="filter" aria-label="Filter" onSubmit={apply}>
      <div class="conditions">
        {draft.map((condition, at) => (
          <ConditionRow
            key={at}
            condition={condition}
            issue={issues[at]}
            columns={store.columns}
            keyNames={namesOf(key)}
            onChange={(changed) => replace(at, changed)}
            onRemove={() => replace(at, undefined)}
          />
        ))}
        <button type="button" class="quiet-button" onClick={() => setDraft([...draft, NEW_CONDITION])}>
          + {draft.length === 0 ? 'Filter' : 'And'}
        </button>
        {isChanged && (
          <button type="submit" class="primary" disabled={!isValid}>
            Apply
          </button>
        )}
      </div>
      {draft.length > 0 && isValid && <ExpressionLine conditions={draft} {...{ table, index, setView }} />}
      <datalist id="attribute-names">
        {[...new Set([...namesOf(key), ...store.columns.keys()])].map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </form>
  );
}

interface LineProps extends Omit<Props, 'store' | 'view'> {
  conditions: readonly Condition[];
}

function ExpressionLine({ conditions, table, index, setView }: LineProps) {
  const source = index ?? table;
  const { KeyConditionExpression, FilterExpression, ExpressionAttributeNames, ExpressionAttributeValues } =
    expressionsOf(conditions, source.KeySchema);
  const better = KeyConditionExpression === undefined ? sourceWithKey(conditions, table, index) : undefined;
  return (
    <div class="expression">
      <strong class="chip">{KeyConditionExpression === undefined ? 'Scan' : 'Query'}</strong>
      {KeyConditionExpression !== undefined && (
        <code>
          <span class="quiet">KeyConditionExpression </span>
          {KeyConditionExpression}
        </code>
      )}
      {FilterExpression !== undefined && (
        <code>
          <span class="quiet">FilterExpression </span>
          {FilterExpression}
        </code>
      )}
      {ExpressionAttributeNames !== undefined && (
        <details>
          <summary>Names and values</summary>
          <code class="block">
            {JSON.stringify({ ExpressionAttributeNames, ExpressionAttributeValues }, null, 2)}
          </code>
        </details>
      )}
      <p class="quiet">
        {KeyConditionExpression === undefined
          ? 'Reads the whole source. DynamoDB charges for every item that it compares.'
          : 'Reads only the items with this key.'}{' '}
        {better !== undefined && (
          <button
            type="button"
            class="link"
            onClick={() => setView({ index: better.name, conditions: [...conditions] })}
          >
            {better.name === undefined ? 'Read the table' : `Read index ${better.name}`} instead: its key is
            in the filter
          </button>
        )}
      </p>
    </div>
  );
}

/** Returns another source whose key the conditions contain, so that it can be read with Query. */
function sourceWithKey(
  conditions: readonly Condition[],
  table: TableDescription,
  index: IndexDescription | undefined,
): { name: string | undefined } | undefined {
  const sources = [
    { name: undefined, key: table.KeySchema },
    ...table.Indexes.map(({ IndexName, KeySchema }) => ({ name: IndexName, key: KeySchema })),
  ];
  return sources.find(
    ({ name, key }) =>
      name !== index?.IndexName && expressionsOf(conditions, key).KeyConditionExpression !== undefined,
  );
}

function namesOf(key: readonly KeyAttribute[]): string[] {
  return key.map(({ AttributeName }) => AttributeName);
}
