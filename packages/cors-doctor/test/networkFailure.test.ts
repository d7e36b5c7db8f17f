/** The report of a request without a response. */
import type { Diagnosis, NetworkFailure } from '../src/diagnosis';
import { explainNetworkFailure } from '../src/networkFailure';

function explanationOf(failed: Partial<NetworkFailure>) {
  const received: NetworkFailure = { kind: 'failure', failure: 'broken', message: '', ...failed };
  const sent = {
    purpose: 'request',
    url: 'http://a.example',
    method: 'GET',
    headers: [],
    body: undefined,
  } as const;
  const diagnosis: Diagnosis = {
    verdict: 'unknown',
    error: undefined,
    steps: [],
    exposed: [],
    exchanges: [{ sent, received }],
  };
  return explainNetworkFailure(diagnosis)[0];
}

it.each<[Partial<NetworkFailure>, string]>([
  [{ failure: 'dns' }, 'The host name does not exist'],
  [{ failure: 'refused' }, 'no server listens on this host and port'],
  [{ failure: 'unreachable' }, 'no route to the host'],
  [{ failure: 'timeout' }, 'did not arrive in time'],
  [{ failure: 'broken' }, 'closed before a response arrived'],
  [{ failure: 'tls' }, 'The TLS connection failed'],
  [{ failure: 'not-http' }, 'is not HTTP'],
  [{ failure: 'invalid-http' }, 'not valid HTTP'],
  [{ failure: 'certificate', netError: 'ERR_CERT_DATE_INVALID' }, 'has expired'],
  [{ failure: 'certificate', netError: 'ERR_CERT_COMMON_NAME_INVALID' }, 'another host name'],
  [{ failure: 'certificate', netError: 'ERR_CERT_AUTHORITY_INVALID' }, 'No known authority'],
  [{ failure: 'certificate', netError: 'ERR_CERT_INVALID' }, 'is not valid'],
])('explains %j in plain words', (failed, words) => {
  expect(explanationOf(failed)?.message).toContain(words);
});

it.each<[Partial<NetworkFailure>, string]>([
  [{ failure: 'speaks-http', alternative: 'http://localhost:3000/' }, 'speaks http.'],
  [{ failure: 'speaks-https', alternative: 'https://localhost:3000/' }, 'speaks https.'],
  [{ failure: 'refused', alternative: 'http://localhost:3000/' }, 'the other loopback address'],
])('shows the URL that works for %j', (failed, words) => {
  const explained = explanationOf(failed);
  expect(explained?.message).toContain(words);
  expect(explained?.fix.lines).toEqual([failed.alternative]);
});
