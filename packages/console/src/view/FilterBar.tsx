/** Builds a filter row by row, and shows the expressions that it becomes. */
import { useEffect, useState } from 'preact/hooks';
import { scanParameters } from 'scan-records-client';
import type { IndexDescription, KeyAttribute, TableDescription } from '../api/table';
import type { ItemStore } from '../data/itemStore';
import { conditionIssue, selectionOf, type Condition, type Match } from '../query/filter';
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
  const [match, setMatch] = useState(view.match);
  const applied = JSON.stringify([view.conditions, view.match]);
  useEffect(() => {
    setDraft(view.conditions);
    setMatch(view.match);
  }, [applied]);
  const key = (index ?? table).KeySchema;
  const issues = draft.map(conditionIssue);
  const isValid = issues.every((issue) => issue === undefined);
  // One condition is not joined with others.
  const joined = draft.length > 1 ? match : 'all';
  const isChanged = JSON.stringify([draft, joined]) !== applied;
  const apply = (event: Event) => {
    event.preventDefault();
    if (isValid) setView({ conditions: draft, match: joined });
  };
  const replace = (at: number, change: Condition | undefined) => {
    const next = draft.flatMap((one, position) => (position !== at ? [one] : (change ?? [])));
    setDraft(next);
    // The last condition is removed at once: there is nothing left to apply.
    if (next.length === 0 && view.conditions.length > 0) setView({ conditions: [], match: 'all' });
  };
  return (
    <form class="filter" aria-label="Filter" onSubmit={apply}>
      <div class="conditions">
        {draft.length > 1 && (
          <select
            aria-label="How conditions are joined"
            value={match}
            onChange={({ currentTarget }) => setMatch(currentTarget.value as Match)}
          >
            <option value="all">All of</option>
            <option value="any">Any of</option>
          </select>
        )}
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
          + {draft.length === 0 ? 'Filter' : match === 'any' ? 'Or' : 'And'}
        </button>
        {isChanged && (
          <button type="submit" class="primary" disabled={!isValid}>
            Apply
          </button>
        )}
      </div>
      {draft.length > 0 && isValid && (
        <ExpressionLine conditions={draft} match={joined} {...{ table, index, setView }} />
      )}
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
  match: Match;
}

function ExpressionLine({ conditions, match, table, index, setView }: LineProps) {
  const source = index ?? table;
  const { KeyConditionExpression, FilterExpression, ExpressionAttributeNames, ExpressionAttributeValues } =
    scanParameters(selectionOf(conditions, match, source.KeySchema));
  const better =
    KeyConditionExpression === undefined ? sourceWithKey(conditions, match, table, index) : undefined;
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
            onClick={() => setView({ index: better.name, conditions: [...conditions], match })}
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
  match: Match,
  table: TableDescription,
  index: IndexDescription | undefined,
): { name: string | undefined } | undefined {
  const sources = [
    { name: undefined, key: table.KeySchema },
    ...table.Indexes.map(({ IndexName, KeySchema }) => ({ name: IndexName, key: KeySchema })),
  ];
  return sources.find(
    ({ name, key }) => name !== index?.IndexName && selectionOf(conditions, match, key).key !== undefined,
  );
}

function namesOf(key: readonly KeyAttribute[]): string[] {
  return key.map(({ AttributeName }) => AttributeName);
}
