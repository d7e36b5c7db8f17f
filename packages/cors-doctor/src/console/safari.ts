/** Reads the console messages of Safari and other WebKit browsers. No I/O. */
import { findReason, type ConsoleMessage, type Reason } from './message';

/**
 * The reason, which Safari writes without the URL. Each pattern ends with the period, because Chromium has similar
 * messages.
 *
 * @see https://github.com/WebKit/WebKit/blob/main/Source/WebCore/loader/CrossOriginAccessControl.cpp
 */
const REASONS: readonly Reason[] = [
  [/Origin (\S+) is not allowed by Access-Control-Allow-Origin\./, 'origin-mismatch'],
  [
    /Cannot use wildcard in Access-Control-Allow-Origin when credentials flag is true\./,
    'wildcard-with-credentials',
  ],
  [/Access-Control-Allow-Origin cannot contain more than one origin\./, 'multiple-origins'],
  [/Credentials flag is true, but Access-Control-Allow-Credentials is not "true"\./, 'credentials'],
  [/Preflight response is not successful/, 'preflight-status', true],
  [/Method (\S+) is not allowed by Access-Control-Allow-Methods\./, 'method', true],
  [/Request header field (\S+) is not allowed by Access-Control-Allow-Headers\./, 'header', true],
  [/not allowed to follow a cross-origin CORS redirection with non CORS scheme/, 'scheme'],
  [/redirection URL \S+ has credentials/, 'redirect-with-password'],
];

const REDIRECT = /Cross-origin redirection to (?<url>\S+) denied by Cross-Origin Resource Sharing policy: /;

/** The line with the URL. */
const SUBJECT =
  /(?:Fetch API|XMLHttpRequest|Beacon API|EventSource|Cannot) (?:cannot )?load (?<url>\S+) due to access control checks/;

const STATUS = /Status code: (?<status>\d+)/;

/** Returns the message in a text whose white space is single spaces. Safari repeats one error on several lines. */
export function safariMessages(text: string): ConsoleMessage[] {
  const reason = findReason(text, REASONS);
  const url = REDIRECT.exec(text)?.groups?.url ?? SUBJECT.exec(text)?.groups?.url;
  if (reason === undefined && url === undefined) return [];
  const { problem = 'unspecified', atPreflight, value } = reason ?? {};
  const status = STATUS.exec(text)?.groups?.status;
  return [
    {
      browser: 'Safari',
      problem,
      atPreflight,
      url,
      origin: problem === 'origin-mismatch' ? value : undefined,
      method: problem === 'method' ? value : undefined,
      status: status === undefined ? undefined : Number(status),
      // The message names the origin of the web page, not the value of the header.
      value: problem === 'origin-mismatch' ? undefined : value,
    },
  ];
}
