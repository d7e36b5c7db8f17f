/** Refusals that no header ends: the call itself is one that browsers do not make. No I/O. */
import type { Diagnosis } from '../diagnosis';
import { finding, type Finding } from '../finding';

/** By the step that fails. */
const MENDS: Readonly<Record<string, string>> = {
  URL: 'Write the whole URL, beginning with http:// or https://.',
  'URL: user and password': 'Take them out of the URL, and send an Authorization header.',
  'URL: scheme': 'Serve it over http or https.',
  'URL: port': 'Let the server listen on another port, such as 3000 or 8080.',
  'URL: mixed content':
    'Serve the API over https; or, while you develop, open the page from http://localhost.',
  method: 'Send a method that pages may send, such as POST.',
  headers: 'Correct that header.',
  body: 'Leave the body out, or send POST.',
  'redirect: Location': 'Let the redirect name a URL, or answer without one.',
  'redirect: scheme': 'Let the redirect lead to http or https.',
  'redirect: user and password': 'Let the redirect lead to a URL without them.',
  'redirect: number': 'End the loop of redirects on the server, or call the last URL at once.',
};

/** Errors that bear the name of CORS, and are none of its headers. */
const NAMED: readonly string[] = ['CorsDisabledScheme', 'RedirectContainsCredentials'];

/** What is said of a refusal that no header ends; undefined for any other. */
export function noHeaderHelps({ verdict, error, steps }: Diagnosis): Finding | undefined {
  const step = steps.find(({ passed }) => !passed);
  if (verdict !== 'blocked' || step === undefined) return undefined;
  if (error !== undefined && !NAMED.includes(error.name)) return undefined;
  const cause = `No header helps: ${step.name} is ${step.received}; browsers take ${step.needed}.`;
  return finding('no-header-helps', 'error', cause, MENDS[step.name] ?? 'Change the call.');
}
