/** Parses a template together with the local files that it includes. The caller reads the files. */
import { dirname } from 'node:path/posix';
import { functionsIn } from './definitionFunctions';
import { FileIssue, FileReader, isLocal, reasonOf, type ReadFile } from './fileReader';
import { parseTemplate, type Resource, type Template } from './parse';
import { Literal, Unknown, UnevaluatedFunctions } from './unknown';

/** CloudFormation allows other depths and numbers. These keep the tools fast. */
const MAX_DEPTH = 8;
const MAX_NESTED = 100;

/**
 * Parses a template, and inserts local definitions: `DefinitionUri`, `BodyS3Location`, the transform AWS::Include, and
 * the templates of nested applications. A file that cannot be read becomes an unknown value with the reason.
 *
 * @throws TemplateError if the text of the outermost template is not a template.
 */
export async function loadTemplate(text: string, readFile?: ReadFile): Promise<Template> {
  if (readFile === undefined) return parseTemplate(text);
  return load({ text, id: undefined, directory: '.' }, new FileReader(readFile), [], { nested: 0 });
}

/** The file of a template. The id of the outermost one is not known. */
interface Source {
  text: string;
  id: string | undefined;
  directory: string;
}

async function load(
  source: Source,
  files: FileReader,
  ancestors: readonly Source[],
  count: { nested: number },
): Promise<Template> {
  const template = parseTemplate(source.text);
  const resources = await Promise.all(
    template.resources.map(async (resource) => withDefinition(await files.include(resource), files)),
  );
  const nested = new Map<string, Template>();
  const notRead = new Map<string, string>();
  const chain = [...ancestors, source];
  for (const { logicalId, type, properties } of resources) {
    const location = NESTED[type] === undefined ? undefined : properties[NESTED[type]];
    if (typeof location !== 'string' || !isLocal(location)) continue;
    const path = files.pathOf(location);
    try {
      const file = await files.read(location);
      const inner = { ...file, directory: dirname(path) };
      if (chain.some((one) => isSame(one, inner))) throw new FileIssue('it contains itself');
      if (chain.length > MAX_DEPTH)
        throw new FileIssue(`more than ${MAX_DEPTH} templates contain each other`);
      count.nested += 1;
      if (count.nested > MAX_NESTED)
        throw new FileIssue(`there are more than ${MAX_NESTED} nested templates`);
      nested.set(logicalId, { ...(await load(inner, files.in(inner.directory), chain, count)), file: path });
    } catch (error) {
      notRead.set(logicalId, `its template ${path} is not examined: ${reasonOf(error)}`);
    }
  }
  return { ...template, resources, nested, notRead };
}

/** Whether two files are the same template, whose relative paths lead to the same files. */
function isSame(one: Source, other: Source): boolean {
  return one.id === other.id || (one.text === other.text && one.directory === other.directory);
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

/**
 * API Gateway reads these files as they are. CloudFormation does not evaluate functions in them.
 *
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-api.html
 */
async function withDefinition(resource: Resource, files: FileReader): Promise<Resource> {
  const [uri, body] = DEFINITIONS[resource.type] ?? [];
  if (uri === undefined || body === undefined) return resource;
  const path = resource.properties[uri];
  if (typeof path !== 'string' || !isLocal(path)) return resource;
  const definition = await files.value(path);
  const { names, isInUri } = functionsIn(definition);
  const content =
    definition instanceof Unknown
      ? definition
      : names.length > 0
        ? new UnevaluatedFunctions(path, names, isInUri)
        : new Literal(definition);
  return { ...resource, properties: { ...resource.properties, [body]: content } };
}
