/** What a MOCK integration needs to answer at all: without it every preflight is a 500. */
import type { Api, ApiMethod, Integration, IntegrationResponse } from '../api/api';
import { finding, type Check } from './finding';
import { renderTemplate } from './velocity';

interface Mock {
  api: Api;
  method: ApiMethod;
}

/** Its request template yields the integer that picks the response. */
export const mockStatus: Check = ({ apis }) =>
  mocks(apis).flatMap(({ method }) => {
    const status = yieldedStatus(method.integration);
    if (typeof status === 'number') return [];
    const reason = `its request template yields ${status}: API Gateway answers 500`;
    const mend = `Set RequestTemplates: { application/json: '{"statusCode": 200}' }`;
    return [finding('mock-status', method, reason, mend)];
  });

/** The status code that it yields has a response, and that one is a success. */
export const mockResponse: Check = ({ apis }) =>
  mocks(apis).flatMap(({ method }) => {
    const status = yieldedStatus(method.integration);
    if (typeof status !== 'number') return [];
    const chosen = chosenResponse(method.integration);
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
export const mockText: Check = ({ apis }) =>
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

/**
 * The response that the mock's status code picks: one whose SelectionPattern it matches, else the one
 * without. Where it yields none, that of 200.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/api/API_IntegrationResponse.html
 */
export function chosenResponse(integration: Integration): IntegrationResponse | undefined {
  const yielded = yieldedStatus(integration);
  const status = typeof yielded === 'number' ? String(yielded) : '200';
  const matching = integration.responses.find(
    ({ selectionPattern }) =>
      (selectionPattern ?? '') !== '' && new RegExp(`^(?:${selectionPattern ?? ''})$`).test(status),
  );
  return matching ?? integration.responses.find(({ selectionPattern }) => (selectionPattern ?? '') === '');
}

/** The status code that the mock's request template yields, or words for what there is in its place. */
function yieldedStatus({ requestTemplates }: Integration): number | string {
  // A preflight has no Content-Type, which counts as this one.
  const template = requestTemplates['application/json'];
  if (template === undefined) return 'nothing, for there is none for application/json';
  let body: string;
  try {
    ({ body } = renderTemplate(template, {}));
  } catch {
    return 'an error';
  }
  // API Gateway takes unquoted names too.
  const value = /["']?statusCode["']?\s*:\s*([^\s,}]+)/.exec(body)?.[1];
  if (value === undefined) return 'no statusCode';
  return /^\d{3}$/.test(value) ? Number(value) : `statusCode ${value}, which is no integer`;
}

function mocks(apis: readonly Api[]): Mock[] {
  return apis.flatMap((api) =>
    api.methods.filter(({ integration }) => integration.type === 'MOCK').map((method) => ({ api, method })),
  );
}
