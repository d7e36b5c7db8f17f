/** Checks the values of gateway responses: API Gateway needs literals in single quotes. */
import type { Api } from '../api/api';
import { finding, type Rule } from './rule';

/** A literal in quotes, or a part of the request or its context. */
const VALUE = /^(?:'.*'|method\.request\..+|context\..+|stageVariables\..+)$/s;

export const gatewayResponseQuotes: Rule = ({ allApis }) =>
  allApis.flatMap((api) =>
    [...api.gatewayResponses].flatMap(([type, { responseParameters }]) =>
      Object.entries(responseParameters)
        .filter(([, value]) => !VALUE.test(value))
        .map(([parameter, value]) => quotesFinding(api, type, parameter, value)),
    ),
  );

function quotesFinding({ place }: Api, type: string, parameter: string, value: string) {
  const name = parameter.replace('gatewayresponse.header.', '');
  const message = `${name}: ${value} in the gateway response ${type} needs single quotes inside double quotes, otherwise the deployment fails`;
  return finding('gateway-response-quotes', place, message, `Write ${name}: "'${value}'"`);
}
