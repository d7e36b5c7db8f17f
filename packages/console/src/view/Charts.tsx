/** One card for each attribute, with the chart that suits its values. */
import { useEffect, useState } from 'preact/hooks';
import type { ItemStore } from '../data/itemStore';
import { Summarizer, type AttributeSummary, type TopValue } from '../data/summary';
import { visitItems } from '../data/visitItems';
import type { Condition } from '../query/filter';
import type { ViewState } from '../query/viewState';
import { BarChart } from './BarChart';
import { formatCount, plural } from './format';
import type { Read } from './hooks';
import { PointMap } from './PointMap';
import { TopValues } from './TopValues';
import { TypeBar } from './TypeBar';

interface Props {
  read: Read;
  view: ViewState;
  setView: (change: Partial<ViewState>) => void;
}

export function Charts({ read: { reader, store }, view, setView }: Props) {
  const { status } = reader.state;
  const isReading = status === 'reading';
  const summaries = useSummaries(store, isReading);
  if (summaries === undefined) {
    return (
      <main class="stage" aria-busy="true">
        <p class="notice quiet">
          {isReading ? 'Charts appear when the read ends or is stopped.' : 'Counting…'}
        </p>
      </main>
    );
  }
  const chosen = summaries.find(({ name }) => name === view.chart);
  const filterBy = ({ type, text }: TopValue, name: string) => {
    const isElement = store.columns.get(name)?.types.has(type) !== true;
    const condition: Condition = {
      attribute: name,
      operator: isElement ? 'contains' : 'eq',
      type,
      value: text,
    };
    // With "any of", one more condition would show more items instead of fewer.
    const others = view.match === 'all' ? view.conditions : [];
    setView({ conditions: [...others, condition], match: 'all', tab: 'items' });
  };
  return (
    <main class="charts">
      <p class="quiet basis">
        {status === 'complete'
          ? `Based on ${plural(store.count, 'item')}: all that match.`
          : `Based on the ${plural(store.count, 'item')} on this page. The read is not complete, so others are missing.`}
      </p>
      {chosen !== undefined && (
        <Card
          summary={chosen}
          count={store.count}
          isLarge
          onToggle={() => setView({ chart: undefined })}
          onFilter={(value) => filterBy(value, chosen.name)}
        />
      )}
      <div class="cards">
        {summaries
          .filter((one) => one !== chosen)
          .map((summary) => (
            <Card
              key={summary.name}
              summary={summary}
              count={store.count}
              onToggle={() => setView({ chart: summary.name })}
              onFilter={(value) => filterBy(value, summary.name)}
            />
          ))}
      </div>
    </main>
  );
}

/** Summarizes the items. While items arrive, it waits: the charts would move under the eyes of the reader. */
function useSummaries(store: ItemStore, isReading: boolean): AttributeSummary[] | undefined {
  const [summaries, setSummaries] = useState<AttributeSummary[]>();
  useEffect(() => {
    setSummaries(undefined);
    if (isReading) return undefined;
    const controller = new AbortController();
    const summarizer = new Summarizer();
    void visitItems(store, (item) => summarizer.add(item), controller.signal).then((isComplete) => {
      if (isComplete) setSummaries(summarizer.summaries());
    });
    return () => controller.abort();
  }, [store, isReading]);
  return summaries;
}

interface CardProps {
  summary: AttributeSummary;
  count: number;
  isLarge?: boolean;
  onToggle: () => void;
  onFilter: (value: TopValue) => void;
}

function Card({ summary, count, isLarge = false, onToggle, onFilter }: CardProps) {
  const { name, present, types } = summary;
  const title = name === '' ? '(empty name)' : name;
  return (
    <section class={isLarge ? 'card large' : 'card'} aria-label={title}>
      <div class="card-head">
        <h2>{title}</h2>
        <span class="type">{types.map(([type]) => type).join(' ')}</span>
        <button
          type="button"
          class="icon"
          aria-label={isLarge ? `Close ${title}` : `Show all charts of ${title}`}
          onClick={onToggle}
        >
          {isLarge ? '×' : '⤢'}
        </button>
      </div>
      <p class="quiet">
        {present === count ? 'In all items' : `In ${formatCount(present)} of ${plural(count, 'item')}`}
      </p>
      {isLarge ? <AllCharts {...{ summary, onFilter }} /> : <MainChart {...{ summary, onFilter }} />}
    </section>
  );
}

type ChartProps = Pick<CardProps, 'summary' | 'onFilter'>;

function AllCharts({ summary, onFilter }: ChartProps) {
  const { name, numbers, times, points } = summary;
  return (
    <div class="all-charts">
      <TypeBar summary={summary} />
      {times !== undefined && <BarChart histogram={times} label={`Times of ${name}`} isTime isLarge />}
      {numbers !== undefined && <BarChart histogram={numbers} label={`Numbers of ${name}`} isLarge />}
      {points.length > 0 && <PointMap points={points} total={summary.present} />}
      <TopValues summary={summary} onFilter={onFilter} />
    </div>
  );
}

/** Few different values are compared by name, many numbers by their distribution. */
function MainChart({ summary, onFilter }: ChartProps) {
  const { name, numbers, times, points, distinct, present } = summary;
  const isNumeric = numbers !== undefined && numbers.total >= present / 2;
  if (points.length >= present / 2 && points.length > 0) return <PointMap points={points} total={present} />;
  if (times !== undefined) return <BarChart histogram={times} label={`Times of ${name}`} isTime />;
  if (isNumeric && distinct > 8) return <BarChart histogram={numbers} label={`Numbers of ${name}`} />;
  if (distinct > 0) return <TopValues summary={summary} max={6} onFilter={onFilter} />;
  return <TypeBar summary={summary} />;
}
