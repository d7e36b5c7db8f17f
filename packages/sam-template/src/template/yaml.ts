/** Parses YAML or JSON as CloudFormation does, with the short forms of its functions. No I/O. */
import {
  parseDocument,
  YAMLMap,
  type CollectionTag,
  type Document,
  type LineCounter,
  type ScalarTag,
} from 'yaml';
import { indentFlowStyle } from './flowStyle';

/** The text is not a template. The message says where and why. */
export class TemplateError extends Error {
  override name = 'TemplateError';
}

/** An alias repeats the content of its anchor, so that a few aliases of aliases could fill the memory. */
const MAX_ALIASES = 10_000;

/** CloudFormation allows fewer levels. */
const MAX_NESTED_LEVELS = 200;

/**
 * Parses a text. CloudFormation's short forms (`!Ref`, `!GetAtt A.B`) become their long ones, and aliases become what
 * they stand for.
 *
 * @param lines receives the positions of the lines.
 * @throws TemplateError
 */
export function parseYaml(text: string, lines: LineCounter): { document: Document; value: unknown } {
  try {
    const document = validDocument(text, lines);
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES });
    checkNesting(value, new Set(), new Set());
    return { document, value };
  } catch (error) {
    // The parser throws these for an alias without an anchor, for too many aliases, and if the stack is exhausted.
    if (error instanceof ReferenceError) throw new TemplateError(error.message);
    if (error instanceof RangeError) throw new TemplateError('it is nested too deeply');
    throw error;
  }
}

function validDocument(text: string, lines: LineCounter): Document {
  const document = documentOf(text, lines);
  const [issue] = [...document.errors, ...document.warnings];
  if (issue === undefined) return document;
  if (issue.code === 'RESOURCE_EXHAUSTION') throw new TemplateError('it is nested too deeply');
  // The lines stay the same, so the line counter stays valid.
  const indented = documentOf(indentFlowStyle(text), lines);
  if (indented.errors.length + indented.warnings.length > 0) throw new TemplateError(issue.message);
  return indented;
}

function documentOf(text: string, lineCounter: LineCounter): Document {
  lineCounter.lineStarts = [];
  return parseDocument(text, {
    lineCounter,
    customTags: SHORT_FORMS,
    schema: 'core',
    merge: true,
    // CloudFormation uses the last of several equal keys.
    uniqueKeys: false,
  });
}

/** Rejects a value that contains itself, through an alias inside its own anchor. */
function checkNesting(value: unknown, outer: Set<object>, checked: Set<object>): void {
  if (typeof value !== 'object' || value === null || checked.has(value)) return;
  if (outer.has(value)) throw new TemplateError('an alias is part of its own anchor, so it never ends');
  if (outer.size > MAX_NESTED_LEVELS) throw new TemplateError('it is nested too deeply');
  outer.add(value);
  for (const item of Object.values(value)) checkNesting(item, outer, checked);
  outer.delete(value);
  checked.add(value);
}

type CustomTag = ScalarTag | CollectionTag;

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html */
const FUNCTIONS = [
  'Base64',
  'Cidr',
  'Equals',
  'FindInMap',
  'GetAZs',
  'If',
  'ImportValue',
  'Join',
  'Not',
  'And',
  'Or',
  'Select',
  'Split',
  'Sub',
  'Transform',
  'ToJsonString',
  'Length',
];

const SHORT_FORMS = [
  ...FUNCTIONS.flatMap((name) => shortForms(`!${name}`, (value) => ({ [`Fn::${name}`]: value }))),
  ...shortForms('!Ref', (value) => ({ Ref: value })),
  ...shortForms('!Condition', (value) => ({ Condition: value })),
  ...shortForms('!GetAtt', (value) => ({ 'Fn::GetAtt': getAtt(value) })),
];

/** In `!GetAtt Table.Arn`, the resource's name ends at the first dot. */
function getAtt(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  const [logicalId = '', ...attribute] = value.split('.');
  return [logicalId, attribute.join('.')];
}

/** The YAML parser needs a tag for scalars, one for lists and one for maps. */
function shortForms(tag: string, long: (value: unknown) => Record<string, unknown>): CustomTag[] {
  const collectionTag = (collection: 'map' | 'seq'): CustomTag => ({
    tag,
    collection,
    resolve(value: unknown) {
      const map = new YAMLMap();
      for (const [name, of] of Object.entries(long(value))) map.set(name, of);
      return map;
    },
  });
  return [{ tag, resolve: (value: string) => long(value) }, collectionTag('map'), collectionTag('seq')];
}
