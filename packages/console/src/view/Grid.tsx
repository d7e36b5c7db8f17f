/** The items as a grid. Only the rows on the screen exist, so that a long table scrolls as fast as a short one. */
import type { TargetedKeyboardEvent } from 'preact';
import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { attributeOf, type Item } from '../data/attributeValue';
import type { SortOrder } from '../data/sort';
import { Cell } from './Cell';
import { ColumnHeader } from './ColumnHeader';
import { columnClass, type GridColumn } from './columns';

interface Props {
  count: number;
  itemAt: (row: number) => Item | undefined;
  columns: readonly GridColumn[];
  sort: SortOrder | undefined;
  /** The row whose item is open. */
  opened: number | undefined;
  /** Whether the rows will have another order soon. */
  isSorting: boolean;
  onSort: (attribute: string) => void;
  onOpen: (row: number | undefined) => void;
}

const ROW_PX = 28;
const HEADER_PX = 32;
const OVERSCAN_ROWS = 3;
const NUMBER_COLUMN_PX = 56;

/**
 * Rows have their positions in a block of this many rows, and the block moves with them. So the same few positions are used
 * again: Chromium keeps computed styles for each distinct position, and becomes slower with thousands of them.
 */
const BLOCK_ROWS = 400;

export function Grid({ count, itemAt, columns, sort, opened, isSorting, onSort, onOpen }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const [viewport, setViewport] = useState<Viewport>({ top: 0, height: 600, left: 0, width: 1200 });
  const [active, setActive] = useState({ row: 0, column: 0 });
  /** By attribute. An object would have inherited names, such as `constructor`. */
  const [widths, setWidths] = useState<ReadonlyMap<string, number>>(new Map());

  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(() => {
      setViewport(viewportOf(element));
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const columnPx = columns.map(({ name, width }) => widths.get(name) ?? width);
  // The same number of rows at every position: those that disappear become those that appear, without new elements.
  const slots = Math.min(count, Math.ceil(viewport.height / ROW_PX) + 2 * OVERSCAN_ROWS);
  const first = clamp(Math.floor(viewport.top / ROW_PX) - OVERSCAN_ROWS, count - slots);
  const rows = Array.from({ length: slots }, (_, slot) => first + modulo(slot - first, slots));
  const blockStart = first - (first % BLOCK_ROWS);
  const [firstColumn, lastColumn] = visibleRange(columnPx, viewport);
  const isActiveRendered =
    rows.includes(active.row) && active.column >= firstColumn && active.column < lastColumn;

  const move = (row: number, column: number) => {
    const next = { row: clamp(row, count - 1), column: clamp(column, columns.length - 1) };
    setActive(next);
    if (scroller.current !== null) scrollTo(scroller.current, next, columnPx);
    if (opened !== undefined) onOpen(next.row);
  };
  const page = Math.max(1, Math.floor((viewport.height - HEADER_PX) / ROW_PX) - 1);
  const onKeyDown = (event: TargetedKeyboardEvent<HTMLDivElement>) => {
    if (event.target !== event.currentTarget) return;
    const target = keyTarget(event, active, page, count, columns.length);
    if (target !== undefined) move(target.row, target.column);
    else if (event.key === 'Enter' || event.key === ' ') onOpen(active.row);
    else if (event.key === 'Escape') onOpen(undefined);
    else return;
    event.preventDefault();
  };

  const widthList = columnPx.join();
  useLayoutEffect(() => setColumnRules(columnPx), [widthList]);

  const headers = useMemo(
    () =>
      columns.map((column, index) => (
        <ColumnHeader
          key={column.name}
          column={column}
          index={index}
          width={columnPx[index] ?? column.width}
          sort={sort}
          onSort={onSort}
          onResize={(px) => setWidths((before) => new Map(before).set(column.name, px))}
        />
      )),
    [columns, widths, sort, onSort],
  );
  const openCell = (row: number, column: number) => {
    setActive({ row, column });
    onOpen(row);
  };

  return (
    <div
      ref={scroller}
      class="grid"
      role="grid"
      tabIndex={0}
      aria-label="Items"
      aria-busy={isSorting}
      aria-rowcount={count + 1}
      aria-colcount={columns.length}
      aria-activedescendant={isActiveRendered ? cellId(active.row, active.column) : undefined}
      onScroll={({ currentTarget }) => setViewport(viewportOf(currentTarget))}
      onKeyDown={onKeyDown}
    >
      <div class="row head" role="row" aria-rowindex={1}>
        <span class="row-number" role="presentation" />
        {headers}
      </div>
      <div class="rows" role="presentation" style={{ height: `${count * ROW_PX}px` }}>
        <div
          class="row-block"
          role="presentation"
          style={{ transform: `translateY(${blockStart * ROW_PX}px)` }}
        >
          {rows.map((row, slot) => (
            <Row
              key={slot}
              {...{ row, columns, firstColumn, lastColumn }}
              item={itemAt(row)}
              top={(row - blockStart) * ROW_PX}
              activeColumn={row === active.row ? active.column : undefined}
              isOpened={row === opened}
              onClick={openCell}
            />
          ))}
        </div>
      </div>
    </div>
  );
}

interface RowProps {
  row: number;
  item: Item | undefined;
  /** The position in its block, in pixels. */
  top: number;
  columns: readonly GridColumn[];
  /** Only the columns from `firstColumn` up to `lastColumn` exist. */
  firstColumn: number;
  lastColumn: number;
  /** The column of the active cell, if it is in this row. */
  activeColumn: number | undefined;
  isOpened: boolean;
  onClick: (row: number, column: number) => void;
}

/** Rendered again in every frame: where Preact skips a row, it keeps all earlier states of the grid in memory. */
function Row({
  row,
  item,
  top,
  columns,
  firstColumn,
  lastColumn,
  activeColumn,
  isOpened,
  onClick,
}: RowProps) {
  return (
    <div
      class={isOpened ? 'row opened' : 'row'}
      role="row"
      aria-rowindex={row + 2}
      aria-selected={isOpened}
      style={{ transform: `translateY(${top}px)` }}
    >
      <span class="row-number" role="presentation">
        {row + 1}
      </span>
      {columns.slice(firstColumn, lastColumn).map((column, offset) => {
        const index = firstColumn + offset;
        return (
          <Cell
            key={column.name}
            id={cellId(row, index)}
            index={index}
            value={item === undefined ? undefined : attributeOf(item, column.name)}
            isMixed={column.types.size > 1}
            isActive={activeColumn === index}
            onClick={() => onClick(row, index)}
          />
        );
      })}
    </div>
  );
}

/** Rules for whole columns are faster than a style for each cell, and absolute positions are faster than a CSS grid. */
const columnRules = new CSSStyleSheet();
document.adoptedStyleSheets.push(columnRules);

function setColumnRules(columnPx: readonly number[]): void {
  let edge = NUMBER_COLUMN_PX;
  const rules = columnPx.map((px, index) => {
    const rule = `.grid .${columnClass(index)} { inset-inline-start: ${edge}px; width: ${px}px; }`;
    edge += px;
    return rule;
  });
  columnRules.replaceSync(`.rows, .row-block, .row { width: ${edge}px; } ${rules.join(' ')}`);
}

interface Position {
  row: number;
  column: number;
}

/** The part of the grid that is on the screen, in pixels. */
interface Viewport {
  top: number;
  height: number;
  left: number;
  width: number;
}

function viewportOf({ scrollTop, clientHeight, scrollLeft, clientWidth }: HTMLElement): Viewport {
  return { top: scrollTop, height: clientHeight, left: scrollLeft, width: clientWidth };
}

/** Returns the first visible column, and the one after the last. */
function visibleRange(columnPx: readonly number[], { left, width }: Viewport): [number, number] {
  let edge = 0;
  let [first, last] = [0, columnPx.length];
  for (const [index, px] of columnPx.entries()) {
    if (edge + px < left) first = index + 1;
    if (edge < left + width) last = index + 1;
    edge += px;
  }
  return [Math.min(first, last), last];
}

function cellId(row: number, column: number): string {
  return `cell-${row}-${column}`;
}

/** The remainder from 0 to `divisor` - 1, also of a negative number. */
function modulo(value: number, divisor: number): number {
  return ((value % divisor) + divisor) % divisor;
}

function clamp(value: number, max: number): number {
  return Math.max(0, Math.min(value, max));
}

/** Where a key moves to, as in https://www.w3.org/WAI/ARIA/apg/patterns/grid/; undefined for other keys. */
function keyTarget(
  { key, ctrlKey, metaKey }: KeyboardEvent,
  { row, column }: Position,
  page: number,
  rows: number,
  columns: number,
): Position | undefined {
  const isFar = ctrlKey || metaKey;
  switch (key) {
    case 'ArrowDown':
      return { row: isFar ? rows - 1 : row + 1, column };
    case 'ArrowUp':
      return { row: isFar ? 0 : row - 1, column };
    case 'ArrowRight':
      return { row, column: column + 1 };
    case 'ArrowLeft':
      return { row, column: column - 1 };
    case 'PageDown':
      return { row: row + page, column };
    case 'PageUp':
      return { row: row - page, column };
    case 'Home':
      return isFar ? { row: 0, column: 0 } : { row, column: 0 };
    case 'End':
      return isFar ? { row: rows - 1, column } : { row, column: columns - 1 };
    default:
      return undefined;
  }
}

/** Scrolls as little as possible to show the cell. */
function scrollTo(element: HTMLElement, { row, column }: Position, columnPx: readonly number[]): void {
  const top = row * ROW_PX;
  const visible = element.clientHeight - HEADER_PX - ROW_PX;
  if (top < element.scrollTop) element.scrollTop = top;
  else if (top > element.scrollTop + visible) element.scrollTop = top - visible;
  const left = columnPx.slice(0, column).reduce((sum, px) => sum + px, 0);
  const room = element.clientWidth - NUMBER_COLUMN_PX - (columnPx[column] ?? 0);
  if (left < element.scrollLeft) element.scrollLeft = left;
  else if (left > element.scrollLeft + room) element.scrollLeft = Math.min(left, left - room);
}
