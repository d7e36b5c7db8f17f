export type { Api, ApiMethod, HttpCors, IdentitySource, Remark } from './api/api';
export { apisOf, ownApisOf, type TemplateModel } from './api/apisOf';
export { canHaveMoreEvents } from './api/events';
export { flag, list, number, record, strings, text, type Properties } from './api/properties';
export { route, type Route } from './api/route';
export {
  header,
  isBinary,
  type Call,
  type GatewayResult,
  type GatewayRequest,
} from './evaluate/gatewayRequest';
export { GatewayError, gatewayErrorResult } from './evaluate/gatewayResponse';
export { httpCorsHeaders, httpPreflight } from './evaluate/httpApi';
export { evaluateMock } from './evaluate/mock';
export { coverageTable, unknownProperties } from './coverage';
export { checkResolved, checkTemplate } from './lint/checkTemplate';
export type { Finding, Fix, Location } from './finding';
export { placeFinding, type TemplateFinding } from './lint/rule';
export { mockResponse as preflightMockResponse, type MockResponse } from './lint/mockResponse';
export { samLocalProvider, samLocalRejections } from './samLocal';
export type { LocalFile, ReadFile } from './template/fileReader';
export { loadTemplate } from './template/load';
export { localFiles } from './template/localFiles';
export { partsOf, placeIn, type TemplatePart } from './template/parts';
export { TemplateError, parseTemplate, type Resource, type Template } from './template/parse';
export { isOpen } from './template/openMap';
export { KNOWN_AT_DEPLOYMENT, Unknown } from './template/unknown';
export type { Deployment } from './template/deployment';
export { resolveTemplate, type ResolvedTemplate } from './template/resolve';
