/** Computes the response of a MOCK integration to a preflight, as if the method declared every header. No I/O. */
import type { Api, ApiMethod, IntegrationResponse } from '../api/api';
import { KNOWN_AT_DEPLOYMENT } from '../template/unknown';
import type { Call } from '../evaluate/gatewayRequest';
import { chosenResponse, mappedHeaders, renderResponse, mockStatusOf } from '../evaluate/mock';

export interface MockResponse {
  /** Values by name in lower case. */
  headers: ReadonlyMap<string, string>;
  body: string;
}

type Headers = Readonly<Record<string, string>>;

/**
 * Returns the response of a MOCK integration to a preflight.
 *
 * @param headers request headers, spelled as the client sends them.
 * @throws Error if a response template is not valid Velocity.
 */
export function mockResponse(method: ApiMethod, headers: Headers): MockResponse {
  const call = preflight(method, headers);
  const response = preflightResponse(method);
  if (response === undefined) return { headers: new Map(), body: '' };
  const { text, override } = renderResponse(response, call);
  const all = [...mappedHeaders(response, call), ...Object.entries(override.header)];
  return { headers: new Map(all.map(([name, value]) => [name.toLowerCase(), String(value)])), body: text };
}

/** Returns the status code that the request template yields, or a phrase that says why there is none. */
export function preflightStatus(method: ApiMethod): number | string {
  const template = method.integration.requestTemplates['application/json'];
  // Assumes that the deployment gives a valid template.
  if (template === KNOWN_AT_DEPLOYMENT) return 200;
  if (template === undefined) {
    // API Gateway treats a request without a Content-Type, such as a preflight, as application/json.
    return 'no status code, because it has no entry for application/json';
  }
  return mockStatusOf(preflight(method, {}));
}

/** Returns the integration response for that status code, or for 200 if there is no status code. */
export function preflightResponse(method: ApiMethod): IntegrationResponse | undefined {
  const status = preflightStatus(method);
  return chosenResponse(method.integration, typeof status === 'number' ? status : 200);
}

function preflight(method: ApiMethod, headers: Headers): Call {
  return {
    api: ANY_API,
    method,
    pathParameters: {},
    request: {
      requestId: 'id',
      method: 'OPTIONS',
      path: method.path,
      resourcePath: method.path,
      query: new URLSearchParams(),
      headers: Object.entries(headers),
      body: Buffer.alloc(0),
      sourceIp: '127.0.0.1',
    },
  };
}

const ANY_API: Api = {
  kind: 'REST',
  logicalId: 'api',
  place: { logicalId: 'api', line: 1 },
  declaredBy: 'CloudFormation',
  stage: 'stage',
  binaryMediaTypes: [],
  methods: [],
  gatewayResponses: new Map(),
  cors: undefined,
  notExamined: [],
};
