/** The page: loads the server's settings, and shows the chosen table. */
import { useEffect, useMemo, useState } from 'preact/hooks';
import { Api, type ApiError, type ConsoleConfig } from '../api/api';
import type { TableDescription } from '../api/table';
import { storedCredentials } from './credentials';
import { Cors } from './Cors';
import { ErrorNotice } from './ErrorNotice';
import { Header } from './Header';
import { TableView } from './TableView';
import { useViewState } from './hooks';

interface Loaded<Value> {
  value?: Value;
  error?: ApiError;
}

export function App() {
  const [view, setView] = useViewState();
  const [attempt, setAttempt] = useState(0);
  const [config, setConfig] = useState<Loaded<ConsoleConfig>>({});
  const [table, setTable] = useState<Loaded<TableDescription>>({});
  const api = useMemo(() => new Api(storedCredentials), []);
  const tableName = view.table ?? config.value?.defaultTable;

  useEffect(() => load(() => api.config(), setConfig), [attempt]);
  useEffect(() => {
    if (tableName === undefined || config.value === undefined) return undefined;
    return load(() => api.table(tableName), setTable);
  }, [api, tableName, config.value]);

  const retry = () => {
    setConfig({});
    setTable({});
    setAttempt((previous) => previous + 1);
  };
  const error = config.error ?? table.error;
  const isReady = table.value?.TableName === tableName;
  return (
    <>
      <Header config={config.value} table={isReady ? table.value : undefined} view={view} setView={setView} />
      {error !== undefined ? (
        <main class="stage">
          <ErrorNotice error={error} auth={error.auth ?? config.value?.auth} onRetry={retry} />
        </main>
      ) : config.value !== undefined && view.tab === 'cors' ? (
        <Cors config={config.value} />
      ) : config.value !== undefined && table.value !== undefined && isReady ? (
        <TableView
          key={`${attempt} ${table.value.TableName}`}
          {...{ api, view, setView }}
          config={config.value}
          table={table.value}
          onRetry={retry}
        />
      ) : (
        <main class="stage" aria-busy="true">
          <p class="notice quiet">Loading…</p>
        </main>
      )}
    </>
  );
}

/** Requests a value. Returns a function that ignores the response, for when something else was chosen since. */
function load<Value>(request: () => Promise<Value>, set: (loaded: Loaded<Value>) => void): () => void {
  let isCurrent = true;
  request().then(
    (value) => {
      if (isCurrent) set({ value });
    },
    (error: unknown) => {
      if (isCurrent) set({ error: error as ApiError });
    },
  );
  return () => {
    isCurrent = false;
  };
}
