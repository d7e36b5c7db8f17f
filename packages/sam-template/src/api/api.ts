/** The model of a REST API, whether its template declares it with SAM or with AWS::ApiGateway resources. */

export interface Api {
  logicalId: string;
  stage: string;
  binaryMediaTypes: readonly string[];
  methods: readonly ApiMethod[];
  /** By response type, for example `DEFAULT_4XX` or `MISSING_AUTHENTICATION_TOKEN`. */
  gatewayResponses: ReadonlyMap<string, GatewayResponse>;
}

/** A method on a path. */
export interface ApiMethod {
  /** The resource that declares the method, and its line. */
  logicalId: string;
  line: number;
  /** As in `event.resource`, for example `/scanRecords` or `/{proxy+}`. */
  path: string;
  /** For example `POST`, `OPTIONS` or `ANY`. */
  httpMethod: string;
  authorizationType: string;
  apiKeyRequired: boolean;
  integration: Integration;
  /** The declared headers of each status code, in lower case. Proxy integrations need none. */
  methodResponses: ReadonlyMap<string, ReadonlySet<string>>;
}

export interface Integration {
  /** `MOCK`, `AWS_PROXY`, or a type that the gateway does not emulate. */
  type: string;
  /** Logical id of the function that the integration invokes. */
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
  /** Maps `method.response.header.X` to the source of its value. */
  responseParameters: Readonly<Record<string, string>>;
  responseTemplates: Readonly<Record<string, string>>;
}

export interface GatewayResponse {
  statusCode: number | undefined;
  /** Maps `gatewayresponse.header.X` to the source of its value. */
  responseParameters: Readonly<Record<string, string>>;
  responseTemplates: Readonly<Record<string, string>>;
}
