/** A REST API as its template declares it, whichever way it was written. */

export interface Api {
  logicalId: string;
  stage: string;
  binaryMediaTypes: readonly string[];
  methods: readonly ApiMethod[];
  /** By response type: `DEFAULT_4XX`, `MISSING_AUTHENTICATION_TOKEN` … */
  gatewayResponses: ReadonlyMap<string, GatewayResponse>;
}

/** A method on a path. */
export interface ApiMethod {
  /** The resource that declares it, and its line. */
  logicalId: string;
  line: number;
  /** As in `event.resource`: `/scanRecords`, `/{proxy+}`. */
  path: string;
  /** `POST`, `OPTIONS`, `ANY` … */
  httpMethod: string;
  authorizationType: string;
  apiKeyRequired: boolean;
  integration: Integration;
  /** The headers that each status code declares, in lower case. Proxy integrations need none. */
  methodResponses: ReadonlyMap<string, ReadonlySet<string>>;
}

export interface Integration {
  /** `MOCK`, `AWS_PROXY`, or one that is not emulated. */
  type: string;
  /** Logical id of the function that is called. */
  functionId: string | undefined;
  streams: boolean;
  timeoutMillis: number;
  requestTemplates: Readonly<Record<string, string>>;
  passthroughBehavior: string;
  contentHandling: string | undefined;
  responses: readonly IntegrationResponse[];
}

export interface IntegrationResponse {
  statusCode: string;
  selectionPattern: string | undefined;
  /** `method.response.header.X` to where its value comes from. */
  responseParameters: Readonly<Record<string, string>>;
  responseTemplates: Readonly<Record<string, string>>;
}

export interface GatewayResponse {
  statusCode: number | undefined;
  /** `gatewayresponse.header.X` to where its value comes from. */
  responseParameters: Readonly<Record<string, string>>;
  responseTemplates: Readonly<Record<string, string>>;
}
