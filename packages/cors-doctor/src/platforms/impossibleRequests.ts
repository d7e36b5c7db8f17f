/** Explains blocked requests that no header can fix, because browsers never send such a request. No I/O. */
import type { Diagnosis } from '../diagnosis';
import type { Finding } from 'sam-template';
import { finding } from '../finding';
import { explainNetworkFailure } from '../networkFailure';

/** By the name of the failed step. */
const FIXES: Readonly<Record<string, string>> = {
  URL: 'Write the whole URL, beginning with http:// or https://.',
  'URL: user and password': 'Remove them from the URL, and send an Authorization header.',
  'URL: scheme': 'Serve it over http or https.',
  'URL: port': 'Use another port for the server, such as 3000 or 8080.',
  'URL: mixed content':
    'Serve the API over https. During development, you can open the web page from http://localhost.',
  'URL: local network':
    'During development, open the web page from localhost too. For other users, give the server a public address. To examine what happens after the user allows it, add --allow-local-network.',
  method: 'Use a method that web pages can send, such as POST.',
  headers: 'Correct this header.',
  body: 'Leave the body out, or use POST.',
  'redirect: Location': 'Send a valid URL in Location, or respond without a redirect.',
  'redirect: scheme': 'Redirect to a URL with http or https.',
  'redirect: user and password': 'Redirect to a URL without user name and password.',
  'redirect: number': 'Fix the redirect loop on the server, or request the last URL directly.',
};

/** Errors that Chromium counts as CORS errors although no CORS header causes them. */
const NAMED: readonly string[] = [
  'CorsDisabledScheme',
  'RedirectContainsCredentials',
  'InsecureLocalNetwork',
  'LocalNetworkAccessPermissionDenied',
];

/** Returns undefined if a header can fix the error. */
export function explainImpossibleRequest(diagnosis: Diagnosis): Finding | undefined {
  const { verdict, error, steps } = diagnosis;
  const step = steps.find(({ passed }) => !passed);
  if (verdict !== 'blocked' || step === undefined) return undefined;
  const [failure] = explainNetworkFailure(diagnosis);
  if (failure !== undefined) return failure;
  if (error !== undefined && !NAMED.includes(error.name)) return undefined;
  const message = `No header can fix this. ${step.name}: received ${step.received}, needed ${step.needed}.`;
  return finding('no-header-helps', 'error', message, FIXES[step.name] ?? 'Change the request.');
}
