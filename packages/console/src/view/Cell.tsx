/** One value in the grid, on one line. Its type is visible: a set is not a list, and "1" is not 1. */
import type { ComponentChild } from 'preact';
import { contentOf, plainJson, TYPE_NAMES, typeOf, type AttributeValue } from '../data/attributeValue';
import { columnClass } from './columns';

interface Props {
  id: string;
  /** The number of the column, from 0. */
  index: number;
  value: AttributeValue | undefined;
  /** Whether the column has values of several types, so that strings need quotes. */
  isMixed: boolean;
  isActive: boolean;
  onClick: () => void;
}

/** More does not fit on a screen. */
const MAX_CHARS = 200;

export function Cell({ id, index, value, isMixed, isActive, onClick }: Props) {
  const type = value === undefined ? 'none' : typeOf(value);
  return (
    <div
      id={id}
      class={`cell ${columnClass(index)} ${type}${isActive ? ' active' : ''}`}
      role="gridcell"
      aria-colindex={index + 1}
      onClick={onClick}
    >
      {value !== undefined && content(value, isMixed)}
    </div>
  );
}

/** Not a component, because a component for each cell takes time while the grid scrolls. */
function content(value: AttributeValue, isMixed: boolean): ComponentChild {
  const type = typeOf(value);
  if ('S' in value) {
    const text = value.S.length > MAX_CHARS ? `${value.S.slice(0, MAX_CHARS)}…` : value.S;
    return isMixed || needsQuotes(value.S) ? JSON.stringify(text) : text;
  }
  if (type === 'N' || type === 'BOOL' || type === 'NULL') return plainJson(value, 0);
  return (
    <>
      <abbr class="type" title={TYPE_NAMES[type]}>
        {type}
      </abbr>
      {preview(value)}
    </>
  );
}

/** Without quotes, these strings would look like nothing, or like a value of another type. */
function needsQuotes(text: string): boolean {
  return (
    text === '' || /^\s|\s$|^(?:true|false|null)$/.test(text) || /^-?\d[\d.]*(?:e[+-]?\d+)?$/i.test(text)
  );
}

function preview(value: AttributeValue): string {
  if ('B' in value) return value.B.slice(0, MAX_CHARS);
  if ('SS' in value || 'NS' in value || 'BS' in value) {
    const elements = contentOf(value) as string[];
    return elements.slice(0, MAX_CHARS).join(', ').slice(0, MAX_CHARS);
  }
  return plainJson(value, 0, MAX_CHARS).slice(0, MAX_CHARS);
}
