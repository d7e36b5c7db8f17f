/** Reads the HTTP APIs of SAM and of events. No I/O. */
import type { ResolvedTemplate } from '../template/resolve';
import type { Api } from './api';
import { apiEvents, type ApiEvent } from './events';
import { samHttpCors } from './httpCors';
import { openPropertiesOf } from './openProperties';
import { readDefinition, unreadable } from './openapi';
import { record } from './properties';
import { routesOf } from './resourceHttpApi';
import { samApis, type SamApi } from './samApis';
import { samSchemes, withEventAuth, withHttpDefaults } from './samAuth';
import { methodOf, type Operation } from './security';
import { stageOf, unknownAuthorizers, unknownIn } from './unknownParts';

/** https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-httpapi.html */
export function samHttpApis(resolved: ResolvedTemplate): Api[] {
  const { events } = apiEvents(resolved, 'HttpApi');
  return samApis(resolved, 'HttpApi').map((api) => {
    const { methods, notExamined } = routesOf(api.logicalId, resolved.resources);
    const own = samHttpApi(api, events);
    // SAM's stage deploys changes by itself, so it serves routes of other resources too.
    return {
      ...own,
      methods: [...own.methods, ...methods],
      notExamined: [...own.notExamined, ...notExamined],
    };
  });
}

function samHttpApi({ logicalId, place, properties }: SamApi, events: readonly ApiEvent[]): Api {
  const { DefinitionBody, DefinitionUri, CorsConfiguration } = properties;
  const auth = record(properties, 'Auth');
  const reason =
    DefinitionBody === undefined
      ? DefinitionUri === undefined
        ? undefined
        : 'its definition is not a local file that can be read'
      : unreadable(DefinitionBody);
  const definition = readDefinition(reason === undefined ? record(properties, 'DefinitionBody') : {}, place);
  const own = events.filter(({ apiId, isExcluded }) => apiId === logicalId && !isExcluded);
  const operations = reason === undefined ? withEvents(definition.operations, own) : [];
  const schemes = new Map([...definition.schemes, ...samSchemes(auth, 'HTTP')]);
  return {
    kind: 'HTTP',
    logicalId,
    place,
    declaredBy: 'SAM',
    ...stageOf(properties, '$default'),
    binaryMediaTypes: [],
    methods: operations.map((operation) => methodOf(withHttpDefaults(operation, auth), schemes)),
    gatewayResponses: new Map(),
    cors: samHttpCors(CorsConfiguration, definition.cors),
    notExamined: [
      ...(reason === undefined ? [] : [{ ...place, message: reason, parameters: [] }]),
      ...unknownIn(properties, ['CorsConfiguration', 'Auth'], place),
      ...unknownIn(auth, ['DefaultAuthorizer', 'Authorizers', 'EnableIamAuthorizer'], place),
      ...unknownAuthorizers(auth, place),
      ...openPropertiesOf(place, properties),
    ],
  };
}

/** Unlike those of REST APIs, events add their routes to a definition that does not have them. */
function withEvents(written: readonly Operation[], events: readonly ApiEvent[]): Operation[] {
  const operations = [...written];
  for (const { operation, properties } of events) {
    const at = operations.findIndex(
      ({ path, httpMethod }) => path === operation.path && httpMethod === operation.httpMethod,
    );
    const existing = operations[at];
    const isIntegrated = existing !== undefined && existing.integration.type !== '';
    const base = isIntegrated ? existing : { ...operation, security: existing?.security ?? [] };
    const complete = withEventAuth(base, { Authorizer: record(properties, 'Auth').Authorizer });
    if (existing === undefined) operations.push(complete);
    else operations[at] = complete;
  }
  return operations;
}
