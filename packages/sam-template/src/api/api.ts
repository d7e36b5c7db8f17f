/** The model of an API, whether its template declares it with SAM, with resources, or with an OpenAPI definition. */

export interface Api {
  /** They differ in routing, CORS and errors. Lambda serves the URLs of functions without API Gateway. */
  kind: 'REST' | 'HTTP' | 'FUNCTION_URL';
  /** The logical ID of its resource. Nested applications come first: `Orders.Api`. */
  logicalId: string;
  /** Where to fix the API: its resource, or for an implicit API the first resource with an event. */
  place: Place;
  /** Who creates its resources. SAM adds methods, permissions and stages by itself. */
  declaredBy: 'SAM' | 'CloudFormation';
  stage: string;
  binaryMediaTypes: readonly string[];
  methods: readonly ApiMethod[];
  /** By response type, for example `DEFAULT_4XX` or `MISSING_AUTHENTICATION_TOKEN`. Empty for HTTP APIs. */
  gatewayResponses: ReadonlyMap<string, GatewayResponse>;
  /** The CORS configuration of an HTTP API or a function URL. REST APIs have OPTIONS methods instead. */
  cors: HttpCors | undefined;
  /** The parts that the model lacks, because they are known only at deployment or not supported. */
  notExamined: readonly Remark[];
}

/** A resource of the template, and its line. */
export interface Place {
  /** Nested applications come first: `Orders.Api`. */
  logicalId: string;
  line: number;
  /** The template of a nested application, relative to the outermost template. */
  file?: string;
}

/** A part of an API that cannot be examined. */
export interface Remark extends Place {
  /** One clause that says what is not examined, and why. */
  message: string;
  /** The template parameters that would make it known. */
  parameters: readonly string[];
}

/** A method on a path. `logicalId` and `line` are those of the resource that declares it. */
export interface ApiMethod extends Place {
  /** As in `event.resource`, for example `/scanRecords`, `/{proxy+}`, or `$default` in HTTP APIs. */
  path: string;
  /** For example `POST`, `OPTIONS` or `ANY`. */
  httpMethod: string;
  /** The declaration of the method; `cors` if SAM adds it for the property Cors. */
  origin: 'resource' | 'event' | 'definition' | 'cors';
  authorizationType: AuthorizationType;
  /** Undefined without an authorizer and for IAM. */
  authorizer: Authorizer | undefined;
  apiKeyRequired: boolean;
  integration: Integration;
  /** The declared headers of each status code, in lower case. Proxy integrations need none. */
  methodResponses: ReadonlyMap<string, ReadonlySet<string>>;
}

/** As in the AuthorizationType of methods and routes; `UNKNOWN` if it is known only at deployment. */
export type AuthorizationType = 'NONE' | 'AWS_IAM' | 'CUSTOM' | 'COGNITO_USER_POOLS' | 'JWT' | 'UNKNOWN';

interface Authorizer {
  name: string;
  /** The parts of a request without which API Gateway returns 401 and does not run the authorizer. */
  identitySources: readonly IdentitySource[];
}

export interface IdentitySource {
  in: 'header' | 'query';
  name: string;
}

export interface Integration {
  /** `MOCK`, `AWS_PROXY`, or a type that the gateway does not emulate. */
  type: string;
  /** Logical id of the function that the integration invokes. */
  functionId: string | undefined;
  /** The HTTP method of the request to the integration; undefined if the template does not say it. */
  httpMethod: string | undefined;
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

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html */
export interface HttpCors {
  allowOrigins: readonly string[];
  allowMethods: readonly string[];
  allowHeaders: readonly string[];
  exposeHeaders: readonly string[];
  /** Seconds. */
  maxAge: string | undefined;
  allowCredentials: boolean;
}
