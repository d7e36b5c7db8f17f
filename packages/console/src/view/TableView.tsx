/** One table: what is read, its progress, and the items as a grid or as charts. */
import { useState } from 'preact/hooks';
import { scanParameters } from 'scan-records-client';
import type { Api, ConsoleConfig } from '../api/api';
import type { Source } from '../api/reader';
import type { TableDescription } from '../api/table';
import type { SortOrder } from '../data/sort';
import { selectionOf } from '../query/filter';
import type { ViewState } from '../query/viewState';
import { orderedColumns, visibleColumns } from './columns';
import { ColumnsMenu } from './ColumnsMenu';
import { Detail } from './Detail';
import { Charts } from './Charts';
import { ErrorNotice } from './ErrorNotice';
import { ExportMenu } from './ExportMenu';
import { FilterBar } from './FilterBar';
import { Grid } from './Grid';
import { Progress } from './Progress';
import { useOrder, useRead, type Read } from './hooks';

interface Props {
  api: Api;
  config: ConsoleConfig;
  table: TableDescription;
  view: ViewState;
  setView: (change: Partial<ViewState>) => void;
  /** Loads everything again. */
  onRetry: () => void;
}

export function TableView({ api, config, table, view, setView, onRetry }: Props) {
  const index = table.Indexes.find(({ IndexName }) => IndexName === view.index);
  const key = (index ?? table).KeySchema;
  const source: Source = {
    ...(index !== undefined && { indexName: index.IndexName }),
    ...selectionOf(view.conditions, view.match, key),
  };
  const parameters = { TableName: table.TableName, ...scanParameters(source) };
  const read = useRead(api, source, parameters);
  const { reader, store } = read;
  const columns = orderedColumns(store, key, index === undefined ? [] : table.KeySchema);
  const shown = visibleColumns(columns, view.hidden);
  const tools = (
    <>
      {view.tab === 'items' && (
        <ColumnsMenu columns={columns} shown={shown} onHide={(hidden) => setView({ hidden })} />
      )}
      <ExportMenu {...{ api, parameters }} auth={config.auth} view={view} keySchema={key} />
    </>
  );
  const { status, error } = reader.state;
  const needsNotice = status === 'failed' && (store.count === 0 || error?.status === 401);
  const problem = needsNotice ? error : undefined;
  return (
    <>
      <FilterBar {...{ table, index, store, view, setView }} />
      <Progress read={read} isFiltered={view.conditions.length > 0} tools={tools} />
      {problem === undefined && view.tab === 'charts' ? (
        <Charts {...{ read, view, setView }} />
      ) : problem === undefined ? (
        <Items
          {...{ read, shown, view, setView }}
          isQuery={parameters.KeyConditionExpression !== undefined}
        />
      ) : (
        <main class="stage">
          <ErrorNotice
            error={problem}
            auth={config.auth}
            onRetry={() => (problem.status === 401 ? onRetry() : void reader.resume())}
          />
        </main>
      )}
    </>
  );
}

interface ItemsProps extends Pick<Props, 'view' | 'setView'> {
  read: Read;
  shown: ReturnType<typeof visibleColumns>;
  /** Whether only the items with one key are read. */
  isQuery: boolean;
}

function Items({ read: { reader, store }, shown, isQuery, view, setView }: ItemsProps) {
  const [opened, setOpened] = useState<number>();
  const isReading = reader.state.status === 'reading';
  const { sort } = view;
  const { order, isSorting } = useOrder(store, sort, isReading);
  const itemAt = (row: number) => store.item(order?.[row] ?? row);
  const openedItem = opened === undefined ? undefined : itemAt(opened);
  if (store.count === 0 && !isReading) {
    return <Empty isComplete={reader.state.status === 'complete'} {...{ isQuery, view, setView }} />;
  }
  return (
    <main class={openedItem === undefined ? 'workspace' : 'workspace split'}>
      <Grid
        count={store.count}
        itemAt={itemAt}
        columns={shown}
        sort={sort}
        opened={opened}
        isSorting={isSorting}
        onSort={(attribute) => setView({ sort: nextSort(sort, attribute) })}
        onOpen={setOpened}
      />
      {opened !== undefined && openedItem !== undefined && (
        <Detail item={openedItem} row={opened} count={store.count} onMove={setOpened} />
      )}
    </main>
  );
}

interface EmptyProps extends Pick<ItemsProps, 'isQuery' | 'view' | 'setView'> {
  isComplete: boolean;
}

function Empty({ isComplete, isQuery, view, setView }: EmptyProps) {
  const isFiltered = view.conditions.length > 0;
  const compared = isQuery
    ? 'A Query compares only the items with its key. Check the key, and the type of each value:'
    : 'Every item has been compared. Check the type of the value:';
  return (
    <main class="stage">
      <div class="notice">
        <h2>{isComplete ? (isFiltered ? 'No item matches the filter' : 'No items') : 'No items so far'}</h2>
        <p>
          {!isComplete
            ? 'The read is not complete. Continue it to see whether there are any.'
            : isFiltered
              ? `${compared} the string "5" is not the number 5.`
              : 'There is nothing to show here.'}
        </p>
        {isFiltered && (
          <button type="button" class="primary" onClick={() => setView({ conditions: [], match: 'all' })}>
            Remove the filter
          </button>
        )}
      </div>
    </main>
  );
}

/** Ascending, descending, then the order of the table again. */
function nextSort(sort: SortOrder | undefined, attribute: string): SortOrder | undefined {
  if (sort?.attribute !== attribute) return { attribute, descending: false };
  return sort.descending ? undefined : { attribute, descending: true };
}
