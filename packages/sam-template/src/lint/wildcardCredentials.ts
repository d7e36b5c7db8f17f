/** Finds APIs that allow credentials from any origin: SAM or API Gateway rejects them, and browsers block them. */
import type { Api } from '../api/api';
import { finding, type Rule } from './rule';

export const wildcardCredentials: Rule = ({ allApis }) =>
  allApis.flatMap((api) => {
    const rest = allowsByMock(api)
      ? [
          finding(
            'sam-wildcard-credentials',
            api.place,
            "AllowCredentials with AllowOrigin '*' or without AllowOrigin: SAM rejects the template, and browsers block * with credentials",
            'Name the origin, or remove AllowCredentials',
          ),
        ]
      : [];
    const http =
      api.kind === 'HTTP' && api.cors?.allowCredentials === true && api.cors.allowOrigins.includes('*')
        ? [
            finding(
              'http-api-wildcard-credentials',
              api.place,
              'AllowCredentials with the origin *: the deployment fails, and browsers block this combination',
              'List the origins',
            ),
          ]
        : [];
    return [...rest, ...http];
  });

/** Whether SAM creates an OPTIONS method with both headers. */
function allowsByMock({ methods }: Api): boolean {
  return methods
    .filter(({ origin }) => origin === 'cors')
    .flatMap(({ integration }) => integration.responses)
    .some(
      ({ responseParameters }) =>
        responseParameters['method.response.header.Access-Control-Allow-Origin'] === "'*'" &&
        responseParameters['method.response.header.Access-Control-Allow-Credentials'] === "'true'",
    );
}
