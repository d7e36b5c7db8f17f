/** Reads the REST APIs that SAM creates from `AWS::Serverless::Api` and from events. No I/O. */
import type { ResolvedTemplate } from '../template/resolve';
import { KNOWN_AT_DEPLOYMENT } from '../template/unknown';
import type { Api, GatewayResponse, Remark } from './api';
import { apiEvents, type ApiEvent, implicitApi, unknownEvents } from './events';
import { openProperties, openPropertiesOf } from './openProperties';
import { record, strings, text, texts, type Properties } from './properties';
import { corsOperations } from './samCors';
import { UNKNOWN_LITERAL } from './integration';
import { samApis, type SamApi } from './samApis';
import { samSchemes, withRestDefaults } from './samAuth';
import { keysBeforeConditions, pathsOf } from './samPaths';
import { methodOf } from './security';
import { stageOf, unknownAuthorizers, unknownIn, unknownItems } from './unknownParts';

/** https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-api.html */
export function samRestApis(resolved: ResolvedTemplate): Api[] {
  const { events } = apiEvents(resolved, 'Api');
  return samApis(resolved, 'Api').map((api) => restApi(api, events));
}

/** Returns a remark for each event, and each property of an API, that is not examined. */
export function eventRemarks(resolved: ResolvedTemplate): Remark[] {
  return [
    ...apiEvents(resolved, 'Api').notExamined,
    ...apiEvents(resolved, 'HttpApi').notExamined,
    ...unknownEvents(resolved),
    ...openProperties(resolved),
    ...eventsOfOtherKind(resolved),
    ...eventsOfOtherApis(resolved),
  ];
}

/** SAM adds the routes of HttpApi events to the definition of a REST API, which serves them in its own way. */
function eventsOfOtherKind(resolved: ResolvedTemplate): Remark[] {
  const restApis = resolved.resources.filter(({ type }) => type === 'AWS::Serverless::Api');
  return apiEvents(resolved, 'HttpApi')
    .events.filter(({ apiId }) => restApis.some(({ logicalId }) => logicalId === apiId))
    .map(({ name, apiId, operation: { logicalId, line } }) => {
      const message = `the event ${name} of type HttpApi refers to the REST API ${String(apiId)}`;
      return { logicalId, line, message, parameters: [] };
    });
}

/** Returns a remark for each event whose API is not in this template. */
function eventsOfOtherApis({ resources, excluded }: ResolvedTemplate): Remark[] {
  const names = [...resources, ...excluded].map(({ logicalId }) => logicalId);
  return (['Api', 'HttpApi'] as const).flatMap((type) =>
    apiEvents({ resources, excluded: [] }, type)
      .events.filter(({ apiId = '' }) => apiId !== implicitApi(type) && !names.includes(apiId))
      .map(({ name, apiId, operation: { logicalId, line } }) => {
        const message = `the event ${name} is not examined: its API ${String(apiId)} is not in this template`;
        return { logicalId, line, message, parameters: [] };
      }),
  );
}

function restApi({ logicalId, place, properties, written }: SamApi, events: readonly ApiEvent[]): Api {
  const own = events.filter(({ apiId }) => apiId === logicalId);
  const auth = record(properties, 'Auth');
  const { definition, operations, pathKeys, reason } = pathsOf(properties, own, place);
  const schemes = new Map([...definition.schemes, ...samSchemes(auth, 'REST')]);
  const keys = keysBeforeConditions(written, pathKeys);
  const all = [...operations, ...corsOperations(properties.Cors, keys, place)];
  const types = texts(properties, 'BinaryMediaTypes');
  return {
    kind: 'REST',
    logicalId,
    place,
    declaredBy: 'SAM',
    ...stageOf(properties, 'Prod'),
    // SAM writes image~1png for image/png.
    binaryMediaTypes:
      types.length > 0 ? types.map((type) => type.replaceAll('~1', '/')) : definition.binaryMediaTypes,
    methods: all.map((operation) => methodOf(withRestDefaults(operation, auth), schemes)),
    gatewayResponses: new Map([...definition.gatewayResponses, ...gatewayResponses(properties)]),
    cors: undefined,
    notExamined: [
      ...(reason === undefined ? [] : [{ ...place, message: reason, parameters: [] }]),
      ...unknownIn(properties, ['Auth', 'GatewayResponses', 'BinaryMediaTypes', 'MergeDefinitions'], place),
      ...unknownItems(properties, 'BinaryMediaTypes', place),
      ...unknownIn(auth, AUTH_PROPERTIES, place),
      ...unknownAuthorizers(auth, place),
      ...openPropertiesOf(place, properties),
    ],
  };
}

const AUTH_PROPERTIES = [
  'DefaultAuthorizer',
  'Authorizers',
  'ApiKeyRequired',
  'AddDefaultAuthorizerToCorsPreflight',
  'AddApiKeyRequiredToCorsPreflight',
];

function gatewayResponses(properties: Properties): [string, GatewayResponse][] {
  const declared = record(properties, 'GatewayResponses');
  return Object.keys(declared).map((type) => {
    const response = record(declared, type);
    const status = text(response, 'StatusCode');
    const headers = strings(record(response, 'ResponseParameters'), 'Headers', UNKNOWN_LITERAL);
    return [
      type,
      {
        statusCode: status === undefined ? undefined : Number(status),
        responseParameters: Object.fromEntries(
          Object.entries(headers).map(([name, value]) => [`gatewayresponse.header.${name}`, value]),
        ),
        responseTemplates: strings(response, 'ResponseTemplates', KNOWN_AT_DEPLOYMENT),
      },
    ];
  });
}
