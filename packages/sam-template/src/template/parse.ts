/** Parses a CloudFormation template, YAML or JSON, and keeps the line of each resource. No I/O. */
import {
  isScalar,
  LineCounter,
  parseDocument,
  YAMLMap,
  type Document,
  type ScalarTag,
  type CollectionTag,
  type Node,
} from 'yaml';

export interface Template {
  parameters: Record<string, ParameterDeclaration>;
  mappings: Record<string, unknown>;
  conditions: Record<string, unknown>;
  globals: Record<string, unknown>;
  /** In the order of the file, on which `sam local` depends. */
  resources: Resource[];
  outputs: Record<string, unknown>;
}

interface ParameterDeclaration {
  Type?: string;
  Default?: unknown;
  AllowedValues?: unknown[];
  AllowedPattern?: string;
}

/** A resource. Intrinsic functions are objects with their long names: `{ 'Fn::Sub': … }`. */
export interface Resource {
  logicalId: string;
  type: string;
  condition: string | undefined;
  dependsOn: readonly string[];
  properties: Record<string, unknown>;
  metadata: Record<string, unknown>;
  /** Line of the logical id, from 1. */
  line: number;
}

/** The text is not a template. The message says where and why. */
export class TemplateError extends Error {
  override name = 'TemplateError';
}

/**
 * Parses a template. CloudFormation's short forms (`!Ref`, `!GetAtt A.B`) become their long ones.
 *
 * @throws TemplateError
 */
export function parseTemplate(text: string): Template {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, customTags: SHORT_FORMS, schema: 'core' });
  const [issue] = [...document.errors, ...document.warnings];
  if (issue !== undefined) throw new TemplateError(issue.message);
  const root: unknown = document.toJS();
  const resources = asRecord(asRecord(root).Resources);
  if (Object.keys(resources).length === 0) {
    throw new TemplateError('it has no Resources, so it is not a CloudFormation or SAM template');
  }
  return {
    parameters: asRecord(asRecord(root).Parameters) as Template['parameters'],
    mappings: asRecord(asRecord(root).Mappings),
    conditions: asRecord(asRecord(root).Conditions),
    globals: asRecord(asRecord(root).Globals),
    resources: Object.entries(resources).map(([logicalId, resource]) => ({
      ...resourceOf(logicalId, asRecord(resource)),
      line: lineOf(document, lines, logicalId),
    })),
    outputs: asRecord(asRecord(root).Outputs),
  };
}

function resourceOf(logicalId: string, resource: Record<string, unknown>): Omit<Resource, 'line'> {
  const { Type, Condition, DependsOn, Properties, Metadata } = resource;
  if (typeof Type !== 'string') throw new TemplateError(`the resource ${logicalId} has no Type`);
  return {
    logicalId,
    type: Type,
    condition: typeof Condition === 'string' ? Condition : undefined,
    dependsOn: [DependsOn ?? []].flat().map(String),
    properties: asRecord(Properties),
    metadata: asRecord(Metadata),
  };
}

function lineOf(document: Document, lines: LineCounter, logicalId: string): number {
  const resources = document.get('Resources') as YAMLMap<Node>;
  const pair = resources.items.find(({ key }) => isScalar(key) && key.value === logicalId);
  return lines.linePos(pair?.key.range?.[0] ?? 0).line;
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
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
