/**
 * The closed list of problem codes, each with its HTTP status.
 *
 * The code of an error from DynamoDB is DynamoDB's exception name. docs/errors.md explains every code, and
 * the OpenAPI description lists them.
 */
export const PROBLEM_STATUSES = {
  InvalidJson: 400,
  InvalidRequest: 400,
  InvalidStartingToken: 400,
  StartingTokenOfAnotherQuery: 400,
  TokenTooLong: 400,
  AnswerTooLarge: 400,
  IncompleteBody: 400,
  InvalidBody: 400,
  ValidationException: 400,
  SerializationException: 400,
  AttributeNotVisible: 400,

  MissingCredentials: 401,
  InvalidCredentials: 401,

  HostNotAllowed: 403,
  OriginNotAllowed: 403,
  CrossOriginRead: 403,
  InsufficientScope: 403,
  MissingClaim: 403,
  TableNotAllowed: 403,

  NotFound: 404,
  ResourceNotFoundException: 404,

  MethodNotAllowed: 405,
  NotAcceptable: 406,
  BodyTooLarge: 413,

  UnsupportedMediaType: 415,
  UnsupportedContentEncoding: 415,

  TooManyRequests: 429,
  ReadLimitReached: 429,
  ProvisionedThroughputExceededException: 429,
  RequestLimitExceeded: 429,
  ThrottlingException: 429,

  InternalError: 500,

  AccessDeniedException: 502,
  UnrecognizedClientException: 502,
  InvalidSignatureException: 502,
  IncompleteSignatureException: 502,
  MissingAuthenticationTokenException: 502,
  ExpiredTokenException: 502,
  CredentialsProviderError: 502,
  TokenProviderError: 502,
  RegionMissing: 502,
  InternalServerError: 502,
  MalformedAnswer: 502,
  IncompleteAnswer: 502,
  DynamoDBFailed: 502,

  DynamoDBUnreachable: 503,
  TooManyScans: 503,
  TooManyOpenFiles: 503,
  KeysUnavailable: 503,
  TableNotActive: 503,

  DynamoDBTimeout: 504,
} as const;

export type ProblemCode = keyof typeof PROBLEM_STATUSES;
