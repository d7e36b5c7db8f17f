/** One condition of the filter: attribute, operator, type and value. */
import { TYPE_NAMES, type AttributeType } from '../data/attributeValue';
import { useFocus } from './hooks';
import type { Column } from '../data/itemStore';
import type { Condition } from '../query/filter';
import { defaultValueType, operatorOf, operatorsFor, type Operator } from '../query/operators';

interface Props {
  condition: Condition;
  issue: string | undefined;
  columns: ReadonlyMap<string, Column>;
  keyNames: readonly string[];
  onChange: (condition: Condition) => void;
  onRemove: () => void;
}

export function ConditionRow({ condition, issue, columns, keyNames, onChange, onRemove }: Props) {
  const attributeInput = useFocus(condition.attribute === '');
  const operator = operatorOf(condition.operator);
  const typesOf = (name: string) => [...(columns.get(name)?.types.keys() ?? [])];
  const types = typesOf(condition.attribute);
  const withOperator = (next: Operator, attribute: string, known: readonly AttributeType[]) => {
    const keepsType =
      next.types.includes(condition.type) && (known.length === 0 || known.includes(condition.type));
    const type = keepsType ? condition.type : defaultValueType(next, known[0]);
    onChange({ ...condition, attribute, operator: next.id, type });
  };
  const chooseAttribute = (attribute: string) => {
    const known = typesOf(attribute);
    const offered = operatorsFor(known);
    const kept = offered.includes(operator) ? operator : operatorOf('eq');
    // A set or a list rarely equals one value. People look for an element.
    const isCollection = known[0] !== undefined && ['SS', 'NS', 'BS', 'L'].includes(known[0]);
    withOperator(isCollection && kept.id === 'eq' ? operatorOf('contains') : kept, attribute, known);
  };
  const offered = operatorsFor(types);
  return (
    <fieldset class="condition">
      <legend class="sr-only">Condition on {condition.attribute || 'an attribute'}</legend>
      <input
        class={keyNames.includes(condition.attribute) ? 'attribute key' : 'attribute'}
        aria-label="Attribute"
        placeholder="attribute"
        list="attribute-names"
        autocomplete="off"
        spellcheck={false}
        ref={attributeInput}
        value={condition.attribute}
        onInput={(event) => chooseAttribute(event.currentTarget.value)}
      />
      <select
        aria-label="Operator"
        value={condition.operator}
        onChange={({ currentTarget }) =>
          withOperator(operatorOf(currentTarget.value as Condition['operator']), condition.attribute, types)
        }
      >
        {(offered.includes(operator) ? offered : [operator, ...offered]).map(({ id, label }) => (
          <option key={id} value={id}>
            {label}
          </option>
        ))}
      </select>
      <ValueInputs condition={condition} operator={operator} issue={issue} onChange={onChange} />
      <button type="button" class="icon" aria-label="Remove this condition" onClick={onRemove}>
        ×
      </button>
    </fieldset>
  );
}

interface ValueProps extends Pick<Props, 'condition' | 'issue' | 'onChange'> {
  operator: Operator;
}

function ValueInputs({ condition, operator, issue, onChange }: ValueProps) {
  const { type, value, upper = '' } = condition;
  if (operator.id === 'type') {
    const all = Object.keys(TYPE_NAMES) as AttributeType[];
    return <TypeSelect types={all} type={type} onChange={(next) => onChange({ ...condition, type: next })} />;
  }
  if (operator.types.length === 0) return null;
  const input = (label: string, text: string, change: (text: string) => Condition) => (
    <input
      class="value"
      aria-label={label}
      placeholder={PLACEHOLDERS[operator.id === 'in' ? 'in' : type]}
      title={issue}
      aria-invalid={issue !== undefined && text !== ''}
      inputMode={type === 'N' ? 'decimal' : 'text'}
      autocomplete="off"
      spellcheck={false}
      value={text}
      onInput={(event) => onChange(change(event.currentTarget.value))}
    />
  );
  return (
    <>
      <TypeSelect
        types={operator.types}
        type={type}
        onChange={(next) => onChange({ ...condition, type: next })}
      />
      {type === 'BOOL' && (
        <select
          aria-label="Value"
          value={value === 'false' ? 'false' : 'true'}
          onChange={({ currentTarget }) => onChange({ ...condition, value: currentTarget.value })}
        >
          <option>true</option>
          <option>false</option>
        </select>
      )}
      {type !== 'BOOL' && type !== 'NULL' && input('Value', value, (text) => ({ ...condition, value: text }))}
      {operator.id === 'between' && (
        <>
          <span>and</span>
          {input('Upper value', upper, (text) => ({ ...condition, upper: text }))}
        </>
      )}
    </>
  );
}

const PLACEHOLDERS: Readonly<Record<string, string>> = {
  S: 'text',
  N: 'number',
  B: 'base64',
  in: 'value, value, …',
};

interface TypeSelectProps {
  types: readonly AttributeType[];
  type: AttributeType;
  onChange: (type: AttributeType) => void;
}

function TypeSelect({ types, type, onChange }: TypeSelectProps) {
  return (
    <select
      aria-label="Type"
      value={type}
      onChange={({ currentTarget }) => onChange(currentTarget.value as AttributeType)}
    >
      {types.map((one) => (
        <option key={one} value={one}>
          {TYPE_NAMES[one]}
        </option>
      ))}
    </select>
  );
}
