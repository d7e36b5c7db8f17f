/** Flask on its development server. A function under `sam local` can look the same. */
import { lacksOrigin } from '../evidence';
import { finding } from '../finding';
import { responseHeaders, requirementsOf, preflightHeaders } from '../corsRequirements';
import { isSamLocal, isWerkzeug } from './samLocal';
import type { Platform } from './platform';

export const flask: Platform = {
  name: 'Flask',
  matches: (response) => isWerkzeug(response) && !isSamLocal(response),
  explain(evidence) {
    const { diagnosis, preflight, call } = evidence;
    if (diagnosis.verdict !== 'blocked') return [];
    const required = requirementsOf(call);
    const optionsOnly = lacksOrigin(evidence) && preflight !== undefined;
    return [
      finding(
        'flask-cors',
        'error',
        optionsOnly
          ? `The headers are set on OPTIONS only. The browser also needs Access-Control-Allow-Origin on the response to ${call.method}.`
          : 'The headers that the preflight and the response need are not set.',
        'Add these lines after app = Flask(__name__). after_request runs for every response, errors included. (For a function under sam local, return the headers from the function instead.)',
        [
          '@app.after_request',
          'def allow_origin(response):',
          ...[...new Map([...preflightHeaders(required), ...responseHeaders(required)])].map(
            ([name, value]) => `    response.headers['${name}'] = '${value}'`,
          ),
          '    return response',
        ],
      ),
    ];
  },
};
