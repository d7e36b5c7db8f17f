/** Checks the CORS configuration of HTTP APIs. No I/O. */
import type { Api, TemplateFinding } from 'sam-template';
import { requirementsOf } from '../corsRequirements';
import { httpApiCors } from '../platforms/templateLines';
import { templateFinding } from './finding';
import { isGuarded, needsPreflight, optionsRoute, pathsOf } from './paths';
import { pageCall } from './routes';
import { isSetAtDeployment, type TemplateApis } from './templateApis';

export function httpApiFindings(subject: TemplateApis): TemplateFinding[] {
  return subject.apis
    .filter(({ kind }) => kind === 'HTTP')
    .flatMap((api) => [...missingConfiguration(subject, api), ...guardedDefault(api)]);
}

/** The lines to write, for all methods of the API. */
function configuration(api: Api): string[] {
  const methods = [
    ...new Set(api.methods.map(({ httpMethod }) => (httpMethod === 'ANY' ? "'*'" : httpMethod))),
  ];
  const required = requirementsOf(pageCall('https://api.invalid/', 'POST'));
  return httpApiCors({ ...required, method: methods.join(', ') });
}

/** Without a configuration, OPTIONS needs a route, and responses have only the headers of the function. */
function missingConfiguration(subject: TemplateApis, api: Api): TemplateFinding[] {
  if (api.cors !== undefined || isSetAtDeployment(subject, api, 'CorsConfiguration')) return [];
  const paths = pathsOf(api).filter((path) => needsPreflight(api, path));
  const unhandled = paths.filter((path) => optionsRoute(api, path) === undefined);
  const guarded = paths.filter((path) => {
    const method = optionsRoute(api, path);
    return method !== undefined && isGuarded(method);
  });
  return [
    ...corsFinding(
      api,
      unhandled,
      'CorsConfiguration is missing, so OPTIONS returns 404. A web page cannot send these requests.',
    ),
    ...corsFinding(
      api,
      guarded,
      'CorsConfiguration is missing, and the route that receives OPTIONS requires credentials, so preflights get 401.',
    ),
  ];
}

function corsFinding(api: Api, paths: readonly string[], message: string): TemplateFinding[] {
  if (paths.length === 0) return [];
  return [
    templateFinding(
      api.place,
      'http-api-cors',
      'error',
      `${paths.join(', ')}: ${message}`,
      'Add this to the Properties of the API, or under Globals: HttpApi:. It replaces the CORS headers of the function.',
      configuration(api),
    ),
  ];
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html */
function guardedDefault(api: Api): TemplateFinding[] {
  const paths = pathsOf(api).filter((path) => optionsRoute(api, path)?.path === '$default');
  const guard = api.methods.find(({ path, authorizationType }) => {
    return path === '$default' && !['NONE', 'UNKNOWN'].includes(authorizationType);
  });
  if (api.cors === undefined || guard === undefined || paths.length === 0) return [];
  return [
    templateFinding(
      api.place,
      'route-catches-preflight',
      'error',
      'The route $default has an authorizer and also receives OPTIONS, but a preflight has no credentials.',
      'Add a route for OPTIONS without an authorizer.',
      ["RouteKey: 'OPTIONS /{proxy+}'", 'AuthorizationType: NONE'],
    ),
  ];
}
