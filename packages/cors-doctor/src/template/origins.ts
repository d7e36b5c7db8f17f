/** Checks the origins that an API allows: browsers send a scheme, a host and a port, and nothing else. No I/O. */
import { type Api, KNOWN_AT_DEPLOYMENT, type TemplateFinding } from 'sam-template';
import { templateFinding } from './finding';
import { isOrigin, mappedOrigins } from './routes';

export function originFindings(apis: readonly Api[]): TemplateFinding[] {
  return apis.flatMap((api) =>
    [...new Set(allowedOrigins(api))]
      .filter((origin) => !isAccepted(origin, api.kind))
      .map((origin) =>
        templateFinding(
          api.place,
          'not-an-origin',
          'error',
          `${origin} is not a valid origin, so it never equals the Origin of a browser. ${reason(origin)}`,
          'Use scheme, host and optional port.',
          [suggestion(origin)],
        ),
      ),
  );
}

function allowedOrigins({ methods, cors }: Api): string[] {
  const mapped = methods.filter(({ httpMethod }) => httpMethod === 'OPTIONS').flatMap(mappedOrigins);
  return [...mapped, ...(cors?.allowOrigins ?? [])];
}

function isAccepted(origin: string, kind: Api['kind']): boolean {
  if (['*', 'null', KNOWN_AT_DEPLOYMENT].includes(origin) || isOrigin(origin)) return true;
  return kind === 'HTTP' && /^[a-z][a-z0-9+.-]*:\/\/\*/i.test(origin);
}

function reason(origin: string): string {
  if (origin.endsWith('/')) return 'No origin ends with a slash.';
  if (/[,\s]/.test(origin)) return 'The header can contain only one origin.';
  if (origin.includes('*')) return 'Browsers compare the whole text, so a wildcard in it has no effect.';
  return '';
}

function suggestion(origin: string): string {
  const first = /^[a-z][a-z0-9+.-]*:\/\/[^/?#\s,*]+/i.exec(origin)?.[0];
  return first ?? 'http://localhost:5173';
}
