/** Checks that a MOCK integration returns a success. A broken one returns 500 to every preflight. */
import type { Api, ApiMethod } from '../api/api';
import { finding, type Rule } from './rule';
import { preflightResponse, preflightStatus } from './mockResponse';

interface Mock {
  api: Api;
  method: ApiMethod;
}

/** Requires a request template that yields an integer status code, which selects the response. */
export const mockStatus: Rule = ({ written }) =>
  mocks(written).flatMap(({ method }) => {
    const status = preflightStatus(method);
    if (typeof status === 'number') return [];
    const message = `the request template yields ${status}, so API Gateway returns 500`;
    const fix = `Set RequestTemplates: { application/json: '{"statusCode": 200}' }`;
    return [finding('mock-status', method, message, fix)];
  });

/** Requires a response for that status code and, for a preflight, a 2xx status. */
export const mockResponseStatus: Rule = ({ written }) =>
  mocks(written).flatMap(({ method }) => {
    const status = preflightStatus(method);
    if (typeof status !== 'number') return [];
    const response = preflightResponse(method);
    if (response === undefined) {
      const message = `no entry of IntegrationResponses matches the status code ${status}`;
      const fix = `Add an entry with StatusCode: '${status}' to IntegrationResponses`;
      return [finding('mock-response', method, message, fix)];
    }
    if (method.httpMethod !== 'OPTIONS' || /^2\d\d$/.test(response.statusCode)) return [];
    const message = `it returns ${response.statusCode} to a preflight, and browsers accept only a 2xx status`;
    return [finding('mock-response', method, message, "Set StatusCode: '200' in its IntegrationResponses")];
  });

/** Requires CONVERT_TO_TEXT if the API treats requests as binary, because templates cannot read binary bodies. */
export const mockText: Rule = ({ written }) =>
  mocks(written)
    .filter(({ api }) => api.binaryMediaTypes.some((type) => /^(?:\*|application)\/(?:\*|json)$/.test(type)))
    .filter(({ method }) => method.integration.contentHandling !== 'CONVERT_TO_TEXT')
    .map(({ api, method }) =>
      finding(
        'mock-text',
        method,
        `a MOCK integration returns 500 with BinaryMediaTypes ${api.binaryMediaTypes.join(', ')}`,
        'Set ContentHandling: CONVERT_TO_TEXT in its Integration',
      ),
    );

function mocks(apis: readonly Api[]): Mock[] {
  return apis.flatMap((api) =>
    api.methods.filter(({ integration }) => integration.type === 'MOCK').map((method) => ({ api, method })),
  );
}
