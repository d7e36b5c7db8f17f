/** Reads the REST APIs that SAM creates from `AWS::Serverless::Api` and from function events. */
import type { Resource } from '../template/parse';
import type { ResolvedTemplate } from '../template/resolve';
import type { Api, ApiMethod, GatewayResponse, Integration } from './api';
import { list, record, strings, text, type Properties } from './properties';
import { DEFAULT_TIMEOUT_MS } from './rawApi';

/** The API that SAM creates for events without a RestApiId. */
const IMPLICIT = 'ServerlessRestApi';

/** https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-api.html */
export function serverlessApis({ resources, globals }: ResolvedTemplate): Api[] {
  const functions = resources.filter(({ type }) => type === 'AWS::Serverless::Function');
  const methods = functions.flatMap(eventMethods);
  const declared = resources.filter(({ type }) => type === 'AWS::Serverless::Api');
  const apis = declared.map(({ logicalId, line, properties }) => ({ logicalId, line, properties }));
  if (methods.some(({ api }) => api === IMPLICIT)) {
    apis.push({ logicalId: IMPLICIT, line: 0, properties: { StageName: 'Prod' } });
  }
  return apis.map(({ logicalId, line, properties }) => {
    const all = { ...record(globals, 'Api'), ...properties };
    const own = methods.filter(({ api }) => api === logicalId).map(({ method }) => method);
    return {
      logicalId,
      stage: text(all, 'StageName') ?? 'Prod',
      // SAM writes image~1png for image/png.
      binaryMediaTypes: list(all, 'BinaryMediaTypes').map((type) => String(type).replace('~1', '/')),
      methods: [...own, ...corsMethods(own, all.Cors, { logicalId, line })],
      gatewayResponses: new Map(
        Object.entries(record(all, 'GatewayResponses')).map(([type, response]) => [
          type,
          gatewayResponseOf(response as Properties),
        ]),
      ),
    };
  });
}

function eventMethods({ logicalId, line, properties }: Resource): { api: string; method: ApiMethod }[] {
  return Object.values(record(properties, 'Events')).flatMap((event) => {
    if (text(event as Properties, 'Type') !== 'Api') return [];
    const api = record(event as Properties, 'Properties');
    const method: ApiMethod = {
      logicalId,
      line,
      path: text(api, 'Path') ?? '/',
      httpMethod: (text(api, 'Method') ?? 'any').toUpperCase(),
      authorizationType: text(record(api, 'Auth'), 'Authorizer') ?? 'NONE',
      apiKeyRequired: record(api, 'Auth').ApiKeyRequired === true,
      integration: { ...PROXY, functionId: logicalId },
      methodResponses: new Map(),
    };
    return [{ api: text(api, 'RestApiId') ?? IMPLICIT, method }];
  });
}

const PROXY: Integration = {
  type: 'AWS_PROXY',
  functionId: undefined,
  streams: false,
  timeoutMillis: DEFAULT_TIMEOUT_MS,
  requestTemplates: {},
  passthroughBehavior: 'WHEN_NO_MATCH',
  contentHandling: undefined,
  responses: [],
};

/** With `Cors`, SAM adds a MOCK on OPTIONS to every path that has none. */
function corsMethods(
  methods: readonly ApiMethod[],
  cors: unknown,
  place: Pick<ApiMethod, 'logicalId' | 'line'>,
): ApiMethod[] {
  if (cors === undefined) return [];
  const covered = new Set(
    methods.filter(({ httpMethod }) => /^(?:OPTIONS|ANY)$/.test(httpMethod)).map(({ path }) => path),
  );
  const paths = new Set(methods.map(({ path }) => path).filter((path) => !covered.has(path)));
  return [...paths].map((path) => {
    const here = methods.filter((method) => method.path === path).map(({ httpMethod }) => httpMethod);
    return preflightMethod(path, corsParameters(cors, here), place);
  });
}

function preflightMethod(
  path: string,
  headers: Record<string, string>,
  place: Pick<ApiMethod, 'logicalId' | 'line'>,
): ApiMethod {
  return {
    ...place,
    path,
    httpMethod: 'OPTIONS',
    authorizationType: 'NONE',
    apiKeyRequired: false,
    integration: {
      ...PROXY,
      type: 'MOCK',
      requestTemplates: { 'application/json': '{"statusCode": 200}' },
      contentHandling: 'CONVERT_TO_TEXT',
      responses: [
        {
          statusCode: '200',
          selectionPattern: undefined,
          responseParameters: headers,
          responseTemplates: {},
        },
      ],
    },
    methodResponses: new Map([
      [
        '200',
        new Set(
          Object.keys(headers).map((name) => name.slice('method.response.header.'.length).toLowerCase()),
        ),
      ],
    ]),
  };
}

/** Values are literals in quotes. A string as `Cors` is the origin. The default methods are those of the path. */
function corsParameters(cors: unknown, methods: readonly string[]): Record<string, string> {
  const settings = (typeof cors === 'object' ? cors : { AllowOrigin: cors }) as Properties;
  const header = 'method.response.header.Access-Control-';
  const values = {
    [`${header}Allow-Origin`]: text(settings, 'AllowOrigin'),
    [`${header}Allow-Methods`]:
      text(settings, 'AllowMethods') ?? `'${[...methods, 'OPTIONS'].sort().join(',')}'`,
    [`${header}Allow-Headers`]: text(settings, 'AllowHeaders'),
    [`${header}Max-Age`]: text(settings, 'MaxAge'),
    [`${header}Allow-Credentials`]: settings.AllowCredentials === true ? "'true'" : undefined,
  };
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

function gatewayResponseOf(response: Properties): GatewayResponse {
  const headers = strings(record(response, 'ResponseParameters'), 'Headers');
  const status = text(response, 'StatusCode');
  return {
    statusCode: status === undefined ? undefined : Number(status),
    responseParameters: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [`gatewayresponse.header.${name}`, value]),
    ),
    responseTemplates: strings(response, 'ResponseTemplates'),
  };
}
