/** Reports events whose API does not exist or has another kind: SAM rejects them, or adds no method for them. */
import { apiEvents, apiProperty, EVENT_SOURCES, implicitApi } from '../api/events';
import { isRecord, record, text, type Properties } from '../api/properties';
import type { Resource } from '../template/parse';
import { finding, type Rule, type RuleInput, type TemplateFinding } from './rule';

type Kind = 'Api' | 'HttpApi';

/** SAM reads references before it knows the values of parameters, and ignores conditions. */
export const eventApis: Rule = ({ resolved }) =>
  // A macro can replace the reference before SAM reads it.
  resolved.macros.length > 0
    ? []
    : [...resolved.resources, ...resolved.excluded]
        .filter(({ type }) => EVENT_SOURCES.test(type))
        .flatMap((resource) =>
          (['Api', 'HttpApi'] as const).flatMap((kind) =>
            writtenEvents(resource, kind).flatMap(([name, properties]) => {
              const rejection = rejectionOf(properties, kind, resource, resolved);
              if (rejection === undefined) return [];
              const message = `the event ${name} ${rejection.message}, so SAM rejects the template`;
              return [finding('sam-rejects', resource, message, rejection.fix)];
            }),
          ),
        );

function writtenEvents({ written }: Resource, kind: Kind): [name: string, properties: Properties][] {
  return Object.entries(record(written, 'Events'))
    .filter((entry): entry is [string, Properties] => isRecord(entry[1]) && text(entry[1], 'Type') === kind)
    .map(([name, event]) => [name, record(event, 'Properties')]);
}

function rejectionOf(
  properties: Properties,
  kind: Kind,
  source: Resource,
  { resources, excluded }: RuleInput['resolved'],
): { message: string; fix: string } | undefined {
  const property = apiProperty(kind);
  if (kind === 'HttpApi' && source.type === 'AWS::Serverless::StateMachine') {
    return {
      message: 'has the type HttpApi, which state machines do not have',
      fix: 'Use an event of type Api',
    };
  }
  if (!(property in properties)) return undefined;
  const wanted = `Set ${property} to a !Ref to an AWS::Serverless::${kind} of this template`;
  const written = properties[property];
  const name = typeof written === 'string' ? written : text(record(properties, property), 'Ref');
  if (name === undefined) {
    return { message: `has a ${property} that is neither a name nor a !Ref`, fix: wanted };
  }
  const api = [...resources, ...excluded].find(({ logicalId }) => logicalId === name);
  if (kind === 'HttpApi' && api?.type === 'AWS::Serverless::Api') {
    return isSwagger(api.properties)
      ? { message: `refers to the REST API ${name}, whose definition is not OpenAPI 3`, fix: wanted }
      : undefined;
  }
  const isOtherKind = kind === 'Api' && api?.type === 'AWS::Serverless::HttpApi';
  if (api === undefined ? name === implicitApi(kind) : !isOtherKind) return undefined;
  const what = isOtherKind ? `the HTTP API ${name}` : `${name}, which is not an API of this template`;
  return { message: `refers to ${what}`, fix: wanted };
}

/** SAM writes Swagger 2 without OpenApiVersion. The version of a definition is not examined here. */
function isSwagger({ DefinitionBody, DefinitionUri, OpenApiVersion }: Properties): boolean {
  return [DefinitionBody, DefinitionUri, OpenApiVersion].every((value) => value === undefined);
}

/** SAM adds methods only to its own APIs. To others, an event only adds a permission. */
export const eventsWithoutMethod: Rule = ({ resolved, allApis }) =>
  (['Api', 'HttpApi'] as const).flatMap((kind) =>
    apiEvents({ resources: resolved.resources, excluded: [] }, kind)
      .events.filter(({ apiId }) => resolved.resources.some((one) => one.logicalId === apiId && !isSam(one)))
      .filter(({ apiId, operation }) => !hasMethod(allApis, String(apiId), operation))
      .map(({ name, apiId, operation }): TemplateFinding => {
        const message = `SAM adds no method to ${String(apiId)} for the event ${name}, because it is not an API of SAM`;
        const fix = `Declare ${operation.httpMethod} ${operation.path} in ${String(apiId)}, or use an AWS::Serverless::${kind}`;
        return { ...finding('event-without-method', operation, message, fix), severity: 'warning' };
      }),
  );

function isSam({ type }: Resource): boolean {
  return /^AWS::Serverless::(?:Api|HttpApi)$/.test(type);
}

function hasMethod(
  apis: RuleInput['allApis'],
  apiId: string,
  { path, httpMethod }: { path: string; httpMethod: string },
): boolean {
  const api = apis.find(({ logicalId }) => logicalId === apiId);
  // What is not examined can contain the method.
  if (api !== undefined && api.notExamined.length > 0) return true;
  return (api?.methods ?? []).some(
    (one) => one.path === path && [httpMethod, 'ANY'].includes(one.httpMethod),
  );
}
