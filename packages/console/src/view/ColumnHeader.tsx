/** The head of a column: its name and types; sorts on click, and is resized by its right edge. */
import type { TargetedPointerEvent } from 'preact';
import { TYPE_NAMES } from '../data/attributeValue';
import type { SortOrder } from '../data/sort';
import { columnClass, type GridColumn } from './columns';
import { formatCount } from './format';

interface Props {
  column: GridColumn;
  index: number;
  width: number;
  sort: SortOrder | undefined;
  onSort: (attribute: string) => void;
  onResize: (px: number) => void;
}

const MIN_PX = 48;
const MAX_PX = 1200;
const STEP_PX = 24;

export function ColumnHeader({ column, index, width, sort, onSort, onResize }: Props) {
  const { name, types, mainType, isKey } = column;
  const direction = sort?.attribute !== name ? undefined : sort.descending ? 'descending' : 'ascending';
  const resize = (px: number) => onResize(Math.max(MIN_PX, Math.min(MAX_PX, px)));
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowLeft' ? -STEP_PX : event.key === 'ArrowRight' ? STEP_PX : 0;
    if (step === 0) return;
    event.preventDefault();
    resize(width + step);
  };
  return (
    <div
      class={`cell ${columnClass(index)} ${mainType}`}
      role="columnheader"
      aria-colindex={index + 1}
      aria-sort={direction ?? 'none'}
    >
      <button
        type="button"
        title={`${name}: ${typesText(column)}. Click to sort. Arrow keys change the width.`}
        onClick={() => onSort(name)}
        onKeyDown={onKeyDown}
      >
        <span class={isKey ? 'name key' : 'name'}>{name === '' ? '(empty name)' : name}</span>
        <span class="type">{[...types.keys()].slice(0, 3).join(' ')}</span>
        {direction !== undefined && <span aria-hidden="true">{direction === 'ascending' ? '↑' : '↓'}</span>}
      </button>
      <span class="resizer" aria-hidden="true" onPointerDown={(event) => drag(event, width, resize)} />
    </div>
  );
}

function typesText({ types }: GridColumn): string {
  return [...types].map(([type, count]) => `${TYPE_NAMES[type]} in ${formatCount(count)}`).join(', ');
}

function drag(event: TargetedPointerEvent<HTMLElement>, width: number, resize: (px: number) => void): void {
  const { currentTarget: handle, clientX: start, pointerId } = event;
  event.preventDefault();
  handle.setPointerCapture(pointerId);
  const move = ({ clientX }: PointerEvent) => resize(width + clientX - start);
  const end = () => {
    handle.removeEventListener('pointermove', move);
    handle.removeEventListener('pointerup', end);
    handle.removeEventListener('pointercancel', end);
  };
  handle.addEventListener('pointermove', move);
  handle.addEventListener('pointerup', end);
  handle.addEventListener('pointercancel', end);
}
