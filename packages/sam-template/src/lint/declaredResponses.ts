/** What an integration answers with must be declared by its method: API Gateway sends nothing else. */
import { headerName } from '../api/rawApi';
import type { ApiMethod, IntegrationResponse } from '../api/api';
import { finding, type Rule } from './finding';

/** Proxies pass on what the function says, without declarations. */
const isProxy = ({ integration }: ApiMethod) => integration.type.endsWith('_PROXY');

/** Every status code that an integration maps has a MethodResponse. */
export const declaredResponses: Rule = ({ apis }) =>
  mapped(apis.flatMap(({ methods }) => methods))
    .filter(({ method, response }) => !method.methodResponses.has(response.statusCode))
    .map(({ method, response: { statusCode } }) =>
      finding(
        'declared-responses',
        method,
        `its integration answers ${statusCode}, which MethodResponses does not declare`,
        `Add StatusCode: '${statusCode}' to MethodResponses`,
      ),
    );

/** Every header that is mapped, or overridden in a template, is declared for its status code. */
export const declaredHeaders: Rule = ({ apis }) =>
  mapped(apis.flatMap(({ methods }) => methods)).flatMap(({ method, response }) => {
    const declared = method.methodResponses.get(response.statusCode);
    if (declared === undefined) return [];
    return [...mappedHeaders(response)]
      .filter((name) => !declared.has(name))
      .map((name) =>
        finding(
          'declared-headers',
          method,
          `the header ${name} is mapped, but MethodResponses does not declare it: the deployment fails`,
          `Add method.response.header.${name}: true to MethodResponses`,
        ),
      );
  });

function mapped(methods: readonly ApiMethod[]): { method: ApiMethod; response: IntegrationResponse }[] {
  return methods
    .filter((method) => !isProxy(method))
    .flatMap((method) => method.integration.responses.map((response) => ({ method, response })));
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-override-request-response-parameters.html */
const OVERRIDE = /responseOverride\.header(?:\.([\w-]+)|\[\s*["']([^"']+)["']\s*\])/g;

function mappedHeaders({ responseParameters, responseTemplates }: IntegrationResponse): Set<string> {
  const parameters = Object.keys(responseParameters).filter((name) =>
    name.startsWith('method.response.header.'),
  );
  const overridden = Object.values(responseTemplates).flatMap((template) =>
    [...template.matchAll(OVERRIDE)].map(([, dotted, quoted]) => (dotted ?? quoted ?? '').toLowerCase()),
  );
  return new Set([...parameters.map(headerName), ...overridden]);
}
