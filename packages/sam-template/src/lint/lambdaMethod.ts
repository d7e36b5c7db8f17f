/** Checks that Lambda integrations use POST: the Invoke operation of Lambda accepts no other method. */
import { finding, type Rule } from './rule';

export const lambdaMethod: Rule = ({ written }) =>
  written
    .flatMap(({ methods }) => methods)
    .filter(({ integration: { functionId } }) => functionId !== undefined)
    .flatMap((method) => {
      const { httpMethod } = method.integration;
      if (httpMethod === undefined || httpMethod.toUpperCase() === 'POST') return [];
      const message = `${method.httpMethod} ${method.path} invokes its function with ${httpMethod}, so every request returns 500`;
      const fix =
        'Set IntegrationHttpMethod (httpMethod in a definition) to POST; it does not depend on the method of the path';
      return [finding('lambda-method', method, message, fix)];
    });
