/** State that outlives one component: the view in the URL, and the read that fills the grid. */
import type { RefObject } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Api, TableParameters } from '../api/api';
import { Reader, type Source } from '../api/reader';
import { ItemStore } from '../data/itemStore';
import { sortedIndexes, type SortOrder } from '../data/sort';
import { fragmentOf, viewOf, type ViewState } from '../query/viewState';

/**
 * Returns what the URL says, and a function that changes a part of it.
 *
 * A change of what is read is a new entry in the browser's history, so that Back returns to it.
 */
export function useViewState(): [ViewState, (change: Partial<ViewState>) => void] {
  const [view, setView] = useState(() => viewOf(location.hash.slice(1)));
  useEffect(() => {
    const read = () => setView(viewOf(location.hash.slice(1)));
    addEventListener('popstate', read);
    addEventListener('hashchange', read);
    return () => {
      removeEventListener('popstate', read);
      removeEventListener('hashchange', read);
    };
  }, []);
  const change = (part: Partial<ViewState>) => {
    const next = { ...viewOf(location.hash.slice(1)), ...part };
    const url = `#${fragmentOf(next)}`;
    const isStep = ['tab', 'table', 'index', 'conditions', 'match'].some((name) => name in part);
    if (isStep) history.pushState(null, '', url);
    else history.replaceState(null, '', url);
    setView(next);
  };
  return [view, change];
}

export interface Read {
  reader: Reader;
  store: ItemStore;
  /** Changes whenever the items or the state of the read have changed. */
  version: number;
}

/**
 * Starts to read when the parameters change, and stops when they change again.
 *
 * @param parameters those of `source`. A change of their JSON starts a new read.
 */
export function useRead(api: Api, source: Source, parameters: TableParameters): Read {
  const [version, setVersion] = useState(0);
  const frame = useRef(0);
  const key = JSON.stringify(parameters);
  const { reader, store } = useMemo(() => {
    // Pages can arrive more often than the screen is drawn.
    const onChange = () => {
      cancelAnimationFrame(frame.current);
      frame.current = requestAnimationFrame(() => setVersion((previous) => previous + 1));
    };
    const items = new ItemStore();
    const client = api.client(parameters.TableName);
    return { store: items, reader: new Reader(client, items, source, onChange) };
  }, [api, key]);
  useEffect(() => {
    void reader.start();
    return () => reader.stop();
  }, [reader]);
  return { reader, store, version };
}

interface Order {
  store: ItemStore;
  indexes: readonly number[];
}

/**
 * Sorts the items in the background. Until the new order is there, the rows keep the one before. Items that arrive later
 * follow the sorted ones until the read ends.
 *
 * @returns the index of the item in each row; undefined means the order of arrival.
 */
export function useOrder(
  store: ItemStore,
  sort: SortOrder | undefined,
  isReading: boolean,
): { order: readonly number[] | undefined; isSorting: boolean } {
  const [latest, setLatest] = useState<Order>();
  const [isSorting, setSorting] = useState(false);
  const isEmpty = store.count === 0;
  useEffect(() => {
    if (sort === undefined || isEmpty) {
      setLatest(undefined);
      return undefined;
    }
    const controller = new AbortController();
    const run = async () => {
      setSorting(true);
      try {
        const indexes = await sortedIndexes(store, sort, controller.signal);
        if (indexes !== undefined) setLatest({ store, indexes });
      } finally {
        if (!controller.signal.aborted) setSorting(false);
      }
    };
    void run();
    return () => {
      controller.abort();
      setSorting(false);
    };
  }, [store, sort?.attribute, sort?.descending, isReading, isEmpty]);
  // The store can have been emptied since.
  const isValid = sort !== undefined && latest?.store === store && latest.indexes.length <= store.count;
  return { order: isValid ? latest.indexes : undefined, isSorting };
}

/** Moves the focus to an input when it appears. Unlike the attribute `autofocus`, it also works after the page has loaded. */
export function useFocus(isWanted: boolean): RefObject<HTMLInputElement | null> {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (isWanted) input.current?.focus();
  }, []);
  return input;
}
