/** How far the read is, what it has cost, and the buttons that stop and continue it. */
import type { ComponentChildren } from 'preact';
import type { ReadState } from '../api/reader';
import { formatCount, formatUnits, plural } from './format';
import type { Read } from './hooks';

interface Props {
  read: Read;
  isFiltered: boolean;
  /** Buttons at the end of the line. */
  tools: ComponentChildren;
}

export function Progress({ read: { reader, store }, isFiltered, tools }: Props) {
  const { state } = reader;
  const { status, estimate, units, dropped } = state;
  const total = dropped + store.count;
  const scanned = isFiltered ? state.scanned : Math.max(total, state.scanned ?? 0);
  const fraction =
    estimate === undefined || scanned === undefined ? undefined : scanned / Math.max(estimate, 1);
  return (
    <section class={`progress ${status}`} aria-label="Progress and tools">
      {status === 'reading' && (
        <progress
          aria-label="Items read"
          value={fraction === undefined ? undefined : Math.min(1, fraction)}
        />
      )}
      <p role="status">
        <strong>
          {dropped === 0
            ? plural(store.count, 'item')
            : `Items ${formatCount(dropped + 1)} to ${formatCount(total)}`}
        </strong>
        {isFiltered && scanned !== undefined && scanned > 0 && ` of ${formatCount(scanned)} read`}
        {!isFiltered &&
          estimate !== undefined &&
          status !== 'complete' &&
          ` of about ${formatCount(estimate)}`}
        {units !== undefined && units > 0 && (
          <span class="quiet" title="Read capacity units that DynamoDB has charged">
            {` · ${formatUnits(units)} read units`}
          </span>
        )}
        <span class="quiet">{` · ${statusText(state)}`}</span>
      </p>
      {status === 'reading' && (
        <button type="button" onClick={() => reader.stop()}>
          Stop
        </button>
      )}
      {(status === 'paused' || (status === 'failed' && store.count > 0)) && (
        <button type="button" class="primary" onClick={() => void reader.resume()}>
          {resumeLabel(state)}
        </button>
      )}
      <span class="tools">{tools}</span>
    </section>
  );
}

function statusText({ status, reason, error }: ReadState): string {
  if (status === 'reading') return 'reading…';
  if (status === 'complete') return 'complete';
  if (status === 'failed') return `not complete: ${error?.message ?? ''}`;
  if (reason === 'memory') return 'not complete: this page shows no more at once';
  return reason === 'firstPart' ? 'the first part' : 'stopped';
}

function resumeLabel({ status, reason }: ReadState): string {
  if (status === 'failed') return 'Resume';
  if (reason === 'memory') return 'Show the next part';
  return reason === 'firstPart' ? 'Read everything' : 'Continue';
}
