/** Parses a template together with the local files that it includes. The caller reads the files. */
import { dirname, join } from 'node:path/posix';
import { parseIncluded, parseTemplate, TemplateError, type Resource, type Template } from './parse';

/** Reads a file. The path is relative to the outermost template. Rejects if the file cannot be read. */
export type ReadFile = (path: string) => Promise<string>;

/** Nested applications that contain each other would never end. */
const MAX_DEPTH = 8;

/**
 * Parses a template, and inserts local definitions: `DefinitionUri`, `BodyS3Location`, the transform AWS::Include, and
 * the templates of nested applications. A file that cannot be read stays a reference, which the model reports.
 *
 * @throws TemplateError if the text of the outermost template is not a template.
 */
export async function loadTemplate(text: string, readFile?: ReadFile): Promise<Template> {
  return readFile === undefined ? parseTemplate(text) : load(text, new FileReader(readFile, '.'), 0);
}

async function load(text: string, files: FileReader, depth: number): Promise<Template> {
  const template = parseTemplate(text);
  const resources = await Promise.all(
    template.resources.map(async (resource) => withDefinition(await files.include(resource), files)),
  );
  const nested = new Map<string, Template>();
  for (const { logicalId, type, properties } of depth < MAX_DEPTH ? resources : []) {
    const property = NESTED[type];
    const location = property === undefined ? undefined : properties[property];
    const found = await files.read(location);
    if (found === undefined || typeof location !== 'string') continue;
    const inner = await load(found, files.in(dirname(location)), depth + 1).catch((error: unknown) => {
      if (error instanceof TemplateError) return undefined;
      throw error;
    });
    if (inner !== undefined) nested.set(logicalId, inner);
  }
  return { ...template, resources, nested };
}

/** The properties that name the template of a nested application. */
const NESTED: Readonly<Record<string, string>> = {
  'AWS::Serverless::Application': 'Location',
  'AWS::CloudFormation::Stack': 'TemplateURL',
};

/** The properties that name a definition, and those that contain one. */
const DEFINITIONS: Readonly<Record<string, readonly [uri: string, body: string]>> = {
  'AWS::Serverless::Api': ['DefinitionUri', 'DefinitionBody'],
  'AWS::Serverless::HttpApi': ['DefinitionUri', 'DefinitionBody'],
  'AWS::ApiGateway::RestApi': ['BodyS3Location', 'Body'],
  'AWS::ApiGatewayV2::Api': ['BodyS3Location', 'Body'],
};

async function withDefinition(resource: Resource, files: FileReader): Promise<Resource> {
  const [uri, body] = DEFINITIONS[resource.type] ?? [];
  if (uri === undefined || body === undefined) return resource;
  const definition = await files.value(resource.properties[uri]);
  if (definition === undefined) return resource;
  const properties = { ...resource.properties, [body]: definition };
  return { ...resource, properties, written: properties };
}

/** Reads files whose paths are relative to one template. */
class FileReader {
  private readonly readFile: ReadFile;
  private readonly directory: string;

  constructor(readFile: ReadFile, directory: string) {
    this.readFile = readFile;
    this.directory = directory;
  }

  in(directory: string): FileReader {
    return new FileReader(this.readFile, join(this.directory, directory));
  }

  /** Returns undefined if this is not the path of a file that can be read. */
  async read(path: unknown): Promise<string | undefined> {
    if (typeof path !== 'string' || path === '' || /^[a-z][a-z0-9+.-]*:/i.test(path)) return undefined;
    return this.readFile(join(this.directory, path)).catch(() => undefined);
  }

  /** Returns undefined if the file cannot be read or parsed. */
  async value(path: unknown): Promise<unknown> {
    const text = await this.read(path);
    try {
      return text === undefined ? undefined : parseIncluded(text);
    } catch (error) {
      if (error instanceof TemplateError) return undefined;
      throw error;
    }
  }

  /** Replaces each AWS::Include of a local file by the content of the file. */
  async include<Value>(value: Value): Promise<Value> {
    if (Array.isArray(value)) {
      return (await Promise.all(value.map((item: unknown) => this.include(item)))) as Value;
    }
    if (typeof value !== 'object' || value === null) return value;
    const { 'Fn::Transform': transform, ...others } = value as Record<string, unknown>;
    const included = await this.value(locationOf(transform));
    const entries = await Promise.all(
      Object.entries(included === undefined ? value : others).map(
        async ([key, item]) => [key, await this.include(item as unknown)] as const,
      ),
    );
    const rest = Object.fromEntries(entries);
    if (included === undefined) return rest as Value;
    if (entries.length === 0) return included as Value;
    return { ...(included as object), ...rest } as Value;
  }
}

function locationOf(transform: unknown): unknown {
  if (typeof transform !== 'object' || transform === null) return undefined;
  const { Name, Parameters } = transform as { Name?: unknown; Parameters?: { Location?: unknown } };
  return Name === 'AWS::Include' ? Parameters?.Location : undefined;
}
