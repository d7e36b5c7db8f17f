/** How many values have each type. */
import { TYPE_NAMES } from '../data/attributeValue';
import type { AttributeSummary } from '../data/summary';
import { formatCount } from './format';

export function TypeBar({ summary: { types, present } }: { summary: AttributeSummary }) {
  return (
    <ul class="type-bar" aria-label="Types">
      {types.map(([type, count]) => (
        <li key={type} style={{ '--share': `${(100 * count) / present}%` }}>
          <span>{TYPE_NAMES[type]}</span>
          <span class="count">{formatCount(count)}</span>
        </li>
      ))}
    </ul>
  );
}
