/** The most frequent values as bars. A click filters by the value. */
import type { AttributeSummary, TopValue } from '../data/summary';
import { formatCount, plural } from './format';

interface Props {
  summary: AttributeSummary;
  max?: number;
  onFilter: (value: TopValue) => void;
}

const QUOTED_TYPES = ['S'];

export function TopValues({ summary, max = Infinity, onFilter }: Props) {
  const { top, distinct, isDistinctExact, present, types } = summary;
  if (top.length === 0) return null;
  const isUnique = distinct === present && present > 1;
  const shown = top.slice(0, isUnique ? Math.min(max, 3) : max);
  const highest = top[0]?.count ?? 1;
  const isMixed = types.length > 1;
  return (
    <div class="top-values">
      <ul>
        {shown.map((value) => (
          <li key={`${value.type} ${value.text}`}>
            <button type="button" title="Filter by this value" onClick={() => onFilter(value)}>
              <span class="fill" style={{ width: `${(100 * value.count) / highest}%` }} />
              <span class="label">
                {isMixed && QUOTED_TYPES.includes(value.type)
                  ? JSON.stringify(value.text)
                  : value.text || '""'}
              </span>
              <span class="count">{formatCount(value.count)}</span>
            </button>
          </li>
        ))}
      </ul>
      <p class="quiet">
        {isUnique
          ? `Every value is different: ${formatCount(distinct)}`
          : `${isDistinctExact ? '' : 'At least '}${plural(distinct, 'different value')}`}
      </p>
    </div>
  );
}
