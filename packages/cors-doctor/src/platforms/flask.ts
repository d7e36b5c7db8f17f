/** Flask on its development server; a function under `sam local` may look the same. */
import { lacksOrigin } from '../evidence';
import { finding } from '../finding';
import { responseHeaders, needsOf, preflightHeaders } from '../needs';
import { isSamLocal, isWerkzeug } from './samLocal';
import type { Platform } from './platform';

export const flask: Platform = {
  name: 'Flask',
  matches: (answer) => isWerkzeug(answer) && !isSamLocal(answer),
  explain(evidence) {
    const { diagnosis, preflight, call } = evidence;
    if (diagnosis.verdict !== 'blocked') return [];
    const needs = needsOf(call);
    const optionsOnly = lacksOrigin(evidence) && preflight !== undefined;
    return [
      finding(
        'flask-cors',
        'error',
        optionsOnly
          ? `The headers are set on OPTIONS only: a browser asks for Access-Control-Allow-Origin on the answer to ${call.method} as well.`
          : 'The headers that the preflight and the answer need are not set.',
        'Write these lines after app = Flask(__name__); after_request sees every answer, errors too. (If this is a function under sam local, it is the function that must return them.)',
        [
          '@app.after_request',
          'def allow_origin(response):',
          ...[...new Map([...preflightHeaders(needs), ...responseHeaders(needs)])].map(
            ([name, value]) => `    response.headers['${name}'] = '${value}'`,
          ),
          '    return response',
        ],
      ),
    ];
  },
};
