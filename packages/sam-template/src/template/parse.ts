/** Reads the sections of a CloudFormation template, and keeps the line of each resource. No I/O. */
import { isAlias, isMap, isScalar, LineCounter, type Document } from 'yaml';
import { expandLoops } from './loops';
import { parseYaml, TemplateError } from './yaml';

export { TemplateError } from './yaml';

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

/**
 * Parses a template. CloudFormation's short forms (`!Ref`, `!GetAtt A.B`) become their long ones.
 *
 * @throws TemplateError
 */
export function parseTemplate(text: string): Template {
  const lines = new LineCounter();
  const { document, value } = parseYaml(text, lines);
  const root = withoutLoops(asRecord(value));
  const written = Object.entries(asRecord(asRecord(value).Resources));
  if (written.length === 0) {
    throw new TemplateError('it has no Resources, so it is not a CloudFormation or SAM template');
  }
  return {
    macros: macrosOf(root),
    parameters: parametersOf(root),
    mappings: asRecord(root.Mappings),
    conditions: asRecord(root.Conditions),
    globals: asRecord(root.Globals),
    resources: written.flatMap(([key, resource]) => {
      const line = lineOf(document, lines, key);
      const declared = usesLoops(root) ? asRecord(expandLoops({ [key]: resource })) : { [key]: resource };
      return Object.entries(declared)
        .filter(([logicalId]) => !logicalId.startsWith('Fn::'))
        .map(([logicalId, one]) => ({ ...resourceOf(logicalId, asRecord(one)), line }));
    }),
    outputs: asRecord(root.Outputs),
    nested: new Map(),
  };
}

function usesLoops({ Transform }: Record<string, unknown>): boolean {
  return [Transform].flat().includes('AWS::LanguageExtensions');
}

/** Without the transform AWS::LanguageExtensions, CloudFormation does not expand loops. */
function withoutLoops(root: Record<string, unknown>): Record<string, unknown> {
  if (!usesLoops(root)) return root;
  const sections = ['Conditions', 'Resources', 'Outputs'].map((name) => [name, expandLoops(root[name])]);
  return { ...root, ...(Object.fromEntries(sections) as object) };
}

/**
 * Parses a file that a template includes, for example an OpenAPI definition.
 *
 * @throws TemplateError
 */
export function parseIncluded(text: string): unknown {
  return parseYaml(text, new LineCounter()).value;
}

/** The transforms whose result is predictable. */
const PREDICTABLE = ['AWS::Serverless-2016-10-31', 'AWS::LanguageExtensions'];

function macrosOf(root: Record<string, unknown>): string[] {
  const transforms = [root.Transform ?? []].flat().map((transform) => {
    const name = typeof transform === 'string' ? transform : asRecord(transform).Name;
    return typeof name === 'string' ? name : 'a transform without a name';
  });
  const sections = [
    root,
    ...['Resources', 'Parameters', 'Conditions', 'Mappings'].map((name) => asRecord(root[name])),
    ...Object.values(asRecord(root.Resources)).map(asRecord),
  ];
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
    dependsOn: textsOf(DependsOn),
    properties: asRecord(Properties),
    written: asRecord(Properties),
    metadata: asRecord(Metadata),
    attributes: Object.keys(resource),
    ignoredGlobals: IgnoreGlobals === '*' ? '*' : textsOf(IgnoreGlobals),
  };
}

/** Returns a list of texts. One text counts as a list. */
function textsOf(value: unknown): string[] {
  return [value].flat().filter((item) => typeof item === 'string');
}

function lineOf(document: Document, lines: LineCounter, logicalId: string): number {
  const written = document.get('Resources');
  const resources = isAlias(written) ? written.resolve(document) : written;
  const pairs = isMap(resources) ? resources.items : [];
  const key = pairs.map((pair) => pair.key).find((one) => isScalar(one) && one.value === logicalId);
  return lines.linePos((isScalar(key) ? key.range?.[0] : undefined) ?? 0).line;
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
