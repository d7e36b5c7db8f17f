/** What a MOCK integration answers to a preflight, whether its method declares it or not. No I/O. */
import type { Api, ApiMethod, IntegrationResponse } from '../api/api';
import type { Call } from '../evaluate/exchange';
import { chosenResponse, mappedHeaders, renderResponse, mockStatusOf } from '../evaluate/mock';

export interface MockAnswer {
  /** By name, in lower case. */
  headers: ReadonlyMap<string, string>;
  body: string;
}

type Headers = Readonly<Record<string, string>>;

/**
 * Answers a preflight as API Gateway would if every header were declared.
 *
 * @param headers of the request, as the client spells them.
 * @throws Error where a template is no Velocity.
 */
export function preflightMockResponse(method: ApiMethod, headers: Headers): MockAnswer {
  const call = preflight(method, headers);
  const response = preflightResponse(method);
  if (response === undefined) return { headers: new Map(), body: '' };
  const { text, override } = renderResponse(response, call);
  const all = [...mappedHeaders(response, call), ...Object.entries(override.header)];
  return { headers: new Map(all.map(([name, value]) => [name.toLowerCase(), String(value)])), body: text };
}

/** The status code that a preflight has the mock yield, or words for what there is in its place. */
export function preflightStatus(method: ApiMethod): number | string {
  if (method.integration.requestTemplates['application/json'] === undefined) {
    // A preflight has no Content-Type, which counts as this one.
    return 'nothing, for there is none for application/json';
  }
  return mockStatusOf(preflight(method, {}));
}

/** The response that this picks; where there is no status, that of 200. */
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
  logicalId: 'api',
  stage: 'stage',
  binaryMediaTypes: [],
  methods: [],
  gatewayResponses: new Map(),
};
