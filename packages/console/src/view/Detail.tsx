/** One item as JSON, plain or in DynamoDB's typed form. */
import { useEffect, useMemo, useState } from 'preact/hooks';
import { plainJson, type Item } from '../data/attributeValue';
import { CopyButton } from './CopyButton';
import { JsonText } from './JsonText';
import { formatCount } from './format';

interface Props {
  item: Item;
  row: number;
  count: number;
  /** Opens another row, or closes the panel. */
  onMove: (row: number | undefined) => void;
}

export function Detail({ item, row, count, onMove }: Props) {
  const [isTyped, setTyped] = useState(false);
  const text = useMemo(
    () => (isTyped ? JSON.stringify(item, null, 2) : plainJson({ M: item })),
    [item, isTyped],
  );
  useEffect(() => {
    const close = ({ key, defaultPrevented }: KeyboardEvent) => {
      if (key === 'Escape' && !defaultPrevented) onMove(undefined);
    };
    addEventListener('keydown', close);
    return () => removeEventListener('keydown', close);
  }, [onMove]);
  return (
    <aside class="detail" aria-label={`Item ${row + 1}`}>
      <div class="detail-bar">
        <h2>Item {formatCount(row + 1)}</h2>
        <button
          type="button"
          class="icon"
          aria-label="Previous item"
          disabled={row === 0}
          onClick={() => onMove(row - 1)}
        >
          ↑
        </button>
        <button
          type="button"
          class="icon"
          aria-label="Next item"
          disabled={row + 1 >= count}
          onClick={() => onMove(row + 1)}
        >
          ↓
        </button>
        <div class="segmented" role="group" aria-label="Form of the JSON">
          <button type="button" aria-pressed={!isTyped} onClick={() => setTyped(false)}>
            Plain
          </button>
          <button type="button" aria-pressed={isTyped} onClick={() => setTyped(true)}>
            Typed
          </button>
        </div>
        <CopyButton text={() => text} />
        <button type="button" class="icon" aria-label="Close" onClick={() => onMove(undefined)}>
          ×
        </button>
      </div>
      <JsonText text={text} />
    </aside>
  );
}
