/** What a MOCK integration needs to answer at all: without it every preflight is a 500. */
import type { Api, ApiMethod } from '../api/api';
import { finding, type Rule } from './finding';
import { preflightResponse, preflightStatus } from './mockAnswer';

interface Mock {
  api: Api;
  method: ApiMethod;
}

/** Its request template yields the integer that picks the response. */
export const mockStatus: Rule = ({ apis }) =>
  mocks(apis).flatMap(({ method }) => {
    const status = preflightStatus(method);
    if (typeof status === 'number') return [];
    const reason = `its request template yields ${status}: API Gateway answers 500`;
    const mend = `Set RequestTemplates: { application/json: '{"statusCode": 200}' }`;
    return [finding('mock-status', method, reason, mend)];
  });

/** The status code that it yields has a response, and that one is a success. */
export const mockResponse: Rule = ({ apis }) =>
  mocks(apis).flatMap(({ method }) => {
    const status = preflightStatus(method);
    if (typeof status !== 'number') return [];
    const chosen = preflightResponse(method);
    const mend = `Give it an IntegrationResponse with StatusCode: '${status}'`;
    if (chosen === undefined) {
      return [
        finding('mock-response', method, `no IntegrationResponse takes its status code ${status}`, mend),
      ];
    }
    if (method.httpMethod !== 'OPTIONS' || /^2\d\d$/.test(chosen.statusCode)) return [];
    const reason = `it answers a preflight with ${chosen.statusCode}, which browsers take for a refusal`;
    return [finding('mock-response', method, reason, 'Answer 200')];
  });

/** Where requests count as binary, its template would be handed bytes. */
export const mockText: Rule = ({ apis }) =>
  mocks(apis)
    .filter(({ api }) => api.binaryMediaTypes.some((type) => /^(?:\*|application)\/(?:\*|json)$/.test(type)))
    .filter(({ method }) => method.integration.contentHandling !== 'CONVERT_TO_TEXT')
    .map(({ api, method }) =>
      finding(
        'mock-text',
        method,
        `with BinaryMediaTypes ${api.binaryMediaTypes.join(', ')} a MOCK answers 500`,
        'Set ContentHandling: CONVERT_TO_TEXT on its Integration',
      ),
    );

function mocks(apis: readonly Api[]): Mock[] {
  return apis.flatMap((api) =>
    api.methods.filter(({ integration }) => integration.type === 'MOCK').map((method) => ({ api, method })),
  );
}
