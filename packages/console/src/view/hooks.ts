/** State that outlives one component: the view in the URL, and the read that fills the grid. */
import type { RefObject } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Api, Query } from '../api/api';
import { Reader } from '../api/reader';
import { ItemStore } from '../data/itemStore';
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
    const isStep = ['tab', 'table', 'index', 'conditions'].some((name) => name in part);
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

/** Starts to read when the query changes, and stops when it changes again. */
export function useRead(api: Api, query: Query): Read {
  const [version, setVersion] = useState(0);
  const frame = useRef(0);
  const key = JSON.stringify(query);
  const { reader, store } = useMemo(() => {
    // Chunks arrive more often than the screen is drawn.
    const onChange = () => {
      cancelAnimationFrame(frame.current);
      frame.current = requestAnimationFrame(() => setVersion((previous) => previous + 1));
    };
    const items = new ItemStore();
    return { store: items, reader: new Reader(api, items, query, onChange) };
  }, [api, key]);
  useEffect(() => {
    void reader.start();
    return () => reader.stop();
  }, [reader]);
  return { reader, store, version };
}

/** Moves the focus to an input when it appears. Unlike the attribute `autofocus`, it also works after the page has loaded. */
export function useFocus(isWanted: boolean): RefObject<HTMLInputElement | null> {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (isWanted) input.current?.focus();
  }, []);
  return input;
}
