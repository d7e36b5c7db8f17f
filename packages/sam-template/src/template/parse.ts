/** Parses a CloudFormation template, YAML or JSON, and keeps the line of each resource. No I/O. */
import { indentFlowStyle } from './flowStyle';
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
  /** The path of its file, relative to the outermost template; undefined for that one. */
  file?: string;
  /** The transforms other than SAM's own, and other constructs that can declare anything. */
  macros: readonly string[];
  parameters: Record<string, ParameterDeclaration>;
  mappings: Record<string, unknown>;
  conditions: Record<string, unknown>;
  globals: Record<string, unknown>;
  /** In the order of the file, on which `sam local` depends. */
  resources: Resource[];
  outputs: Record<string, unknown>;
  /** The templates of nested applications whose files have been read, by logical ID. */
  nested: ReadonlyMap<string, Template>;
  /** Why local templates of nested applications are not read, by logical ID. */
  notRead?: ReadonlyMap<string, string>;
}

export interface ParameterDeclaration {
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
  /** The properties before their functions are evaluated, without those of Globals. */
  written: Readonly<Record<string, unknown>>;
  metadata: Record<string, unknown>;
  /** The attributes of the resource, for example `Type` and `Properties`. */
  attributes: readonly string[];
  /** The properties that SAM does not take from Globals; `*` for all. */
  ignoredGlobals: string | readonly string[];
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
  const { document, value: root } = parseValue(text, lines);
  const resources = asRecord(asRecord(root).Resources);
  if (Object.keys(resources).length === 0) {
    throw new TemplateError('it has no Resources, so it is not a CloudFormation or SAM template');
  }
  const declared = Object.entries(resources).filter(([logicalId]) => !logicalId.startsWith('Fn::'));
  return {
    macros: macrosOf(asRecord(root)),
    parameters: parametersOf(asRecord(root)),
    mappings: asRecord(asRecord(root).Mappings),
    conditions: asRecord(asRecord(root).Conditions),
    globals: asRecord(asRecord(root).Globals),
    resources: declared.map(([logicalId, resource]) => ({
      ...resourceOf(logicalId, asRecord(resource)),
      line: lineOf(document, lines, logicalId),
    })),
    outputs: asRecord(asRecord(root).Outputs),
    nested: new Map(),
  };
}

/**
 * Parses a file that a template includes, for example an OpenAPI definition.
 *
 * @throws TemplateError
 */
export function parseIncluded(text: string): unknown {
  return parseValue(text, new LineCounter()).value;
}

function parseValue(text: string, lines: LineCounter): { document: Document; value: unknown } {
  let document = parseYaml(text, lines);
  let [issue] = [...document.errors, ...document.warnings];
  if (issue !== undefined) {
    // The lines stay the same, so the line counter stays valid.
    document = parseYaml(indentFlowStyle(text), lines);
    if (document.errors.length + document.warnings.length === 0) issue = undefined;
  }
  if (issue !== undefined) throw new TemplateError(issue.message);
  return { document, value: document.toJS() as unknown };
}

function parseYaml(text: string, lineCounter: LineCounter): Document {
  lineCounter.lineStarts = [];
  // CloudFormation uses the last of several equal keys.
  return parseDocument(text, { lineCounter, customTags: SHORT_FORMS, schema: 'core', uniqueKeys: false });
}

/** The transforms whose result is predictable. */
const PREDICTABLE = ['AWS::Serverless-2016-10-31', 'AWS::LanguageExtensions'];

function macrosOf(root: Record<string, unknown>): string[] {
  const transforms = [root.Transform ?? []].flat().map((transform) => {
    return typeof transform === 'string' ? transform : String(asRecord(transform).Name);
  });
  const sections = [root, ...['Resources', 'Conditions', 'Mappings'].map((name) => asRecord(root[name]))];
  const generating = sections.flatMap((section) =>
    Object.keys(section).filter((key) => key.startsWith('Fn::')),
  );
  return [...transforms.filter((name) => !PREDICTABLE.includes(name)), ...generating];
}

function parametersOf({ Parameters }: Record<string, unknown>): Template['parameters'] {
  return Object.fromEntries(
    Object.entries(asRecord(Parameters)).map(([name, declaration]) => {
      const { Type, ...others } = asRecord(declaration);
      return [name, { ...others, ...(typeof Type === 'string' && { Type }) }];
    }),
  );
}

function resourceOf(logicalId: string, resource: Record<string, unknown>): Omit<Resource, 'line'> {
  const { Type, Condition, DependsOn, Properties, Metadata, IgnoreGlobals } = resource;
  return {
    logicalId,
    // The linter reports a Type that is missing or is not text.
    type: typeof Type === 'string' ? Type : '',
    condition: typeof Condition === 'string' ? Condition : undefined,
    dependsOn: [DependsOn ?? []].flat().map(String),
    properties: asRecord(Properties),
    written: asRecord(Properties),
    metadata: asRecord(Metadata),
    attributes: Object.keys(resource),
    ignoredGlobals: IgnoreGlobals === '*' ? '*' : [IgnoreGlobals ?? []].flat().map(String),
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
