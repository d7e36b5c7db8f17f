/** Checks that methods declare what their integrations return: API Gateway sends nothing else. */
import { headerName } from '../api/resourceRestApi';
import type { ApiMethod, IntegrationResponse } from '../api/api';
import { finding, type Rule } from './rule';

/** Proxy integrations return the response of the function without any declaration. */
const isProxy = ({ integration }: ApiMethod) => integration.type.endsWith('_PROXY');

/** Requires a MethodResponse for every status code that an integration maps. Only a MOCK always returns it. */
export const declaredResponses: Rule = ({ written }) =>
  mappedResponses(written.flatMap(({ methods }) => methods))
    .filter(({ method, response }) => !method.methodResponses.has(response.statusCode))
    .map(({ method, response: { statusCode } }) => {
      const found = finding(
        'declared-responses',
        method,
        `the integration returns status code ${statusCode}, but MethodResponses does not declare it`,
        `Add an entry with StatusCode: '${statusCode}' to MethodResponses`,
      );
      return method.integration.type === 'MOCK' ? found : { ...found, severity: 'warning' };
    });

/** Requires a declaration for every header that a mapping or a response template sets. */
export const declaredHeaders: Rule = ({ written }) =>
  mappedResponses(written.flatMap(({ methods }) => methods)).flatMap(({ method, response }) => {
    const declared = method.methodResponses.get(response.statusCode);
    if (declared === undefined) return [];
    return [...mappedHeaders(response)]
      .filter((name) => !declared.has(name))
      .map((name) =>
        finding(
          'declared-headers',
          method,
          `the integration sets the header ${name}, but MethodResponses does not declare it, so the deployment fails`,
          `Add method.response.header.${name}: true to the ResponseParameters in MethodResponses`,
        ),
      );
  });

function mappedResponses(
  methods: readonly ApiMethod[],
): { method: ApiMethod; response: IntegrationResponse }[] {
  return methods
    .filter((method) => !isProxy(method))
    .flatMap((method) => method.integration.responses.map((response) => ({ method, response })));
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-override-request-response-parameters.html */
const HEADER_OVERRIDE = /responseOverride\.header(?:\.([\w-]+)|\[\s*["']([^"']+)["']\s*\])/g;

function mappedHeaders({ responseParameters, responseTemplates }: IntegrationResponse): Set<string> {
  const parameters = Object.keys(responseParameters).filter((name) =>
    name.startsWith('method.response.header.'),
  );
  const overridden = Object.values(responseTemplates).flatMap((template) =>
    [...template.matchAll(HEADER_OVERRIDE)].map(([, dotted, quoted]) =>
      (dotted ?? quoted ?? '').toLowerCase(),
    ),
  );
  return new Set([...parameters.map(headerName), ...overridden]);
}
