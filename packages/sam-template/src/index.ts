export type { Api, ApiMethod } from './api/api';
export { flag, list, number, record, strings, text, type Properties } from './api/properties';
export { rawApis } from './api/rawApi';
export { route } from './api/route';
export { serverlessApis } from './api/serverlessApi';
export {
  header,
  isBinary,
  type Call,
  type GatewayResult,
  type GatewayRequest,
} from './evaluate/gatewayRequest';
export { GatewayError, gatewayErrorResult } from './evaluate/gatewayResponse';
export { evaluateMock } from './evaluate/mock';
export { checkTemplate } from './lint/checkTemplate';
export type { Finding, Fix, Location } from './finding';
export type { TemplateFinding } from './lint/rule';
export { mockResponse as preflightMockResponse, type MockResponse } from './lint/mockResponse';
export { samLocalProvider, samLocalRejections } from './samLocal';
export { TemplateError, parseTemplate, type Resource, type Template } from './template/parse';
export { resolveTemplate, type Deployment, type ResolvedTemplate } from './template/resolve';
