/** The typed form of AWS Data Pipeline and of exports with EMR: `{"s":"text"}`, with the types in lower case. No I/O. */
import { isObject, mapValues, type Attributes } from '../../dynamodb/attributeValue';

const TYPES = ['S', 'N', 'B', 'SS', 'NS', 'BS', 'BOOL', 'NULL', 'M', 'L'];

/** Whether a value is a key in this form. */
export function isDataPipelineKey(value: unknown): boolean {
  const [[type, content] = [], ...others] = isObject(value) ? Object.entries(value) : [];
  return others.length === 0 && ['s', 'n', 'b'].includes(type ?? '') && typeof content === 'string';
}

/** Returns the attributes in DynamoDB JSON. Unknown types stay, for the error message. */
export function fromDataPipeline(attributes: Attributes): Attributes {
  return mapValues(attributes, fromLowerCase);
}

function fromLowerCase(value: unknown): unknown {
  const [[name, content] = [], ...others] = isObject(value) ? Object.entries(value) : [];
  const upperCase = name?.toUpperCase().replace('NULLVALUE', 'NULL');
  const type = TYPES.find((one) => one === upperCase);
  if (type === undefined || others.length > 0) return value;
  if (type === 'M' && isObject(content)) return { M: fromDataPipeline(content) };
  if (type === 'L' && Array.isArray(content)) return { L: content.map(fromLowerCase) };
  return { [type]: content };
}
