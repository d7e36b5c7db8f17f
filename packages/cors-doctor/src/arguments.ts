/** Parses the arguments of `cors-doctor`. No I/O. */
import { formatOptions, parseOptions, parsePairs, UsageError, type OptionTable } from 'command-line';
import { bodyOf, browserOf, headersOf, methodOf, originOf, urlOf } from './callArguments';
import type { PageCall } from './diagnosis';
import type { RecordingCommand } from './recordings';

/** The options for a URL. */
const CALL_OPTIONS = {
  origin: { value: 'ORIGIN', help: 'origin of the web page; default http://localhost:5173' },
  method: { value: 'METHOD', help: 'HTTP method; default POST' },
  header: {
    value: 'NAME[:VALUE]',
    multiple: true,
    help: 'a request header that the web page sets; default for POST, PUT and PATCH: Content-Type: application/json',
  },
  'api-key': { value: 'KEY', help: 'the same as --header X-Api-Key:KEY' },
  body: { value: 'TEXT', help: 'request body; default {"Limit":1} if the Content-Type is JSON' },
  credentials: { help: "the web page calls fetch with credentials: 'include'" },
  read: { value: 'NAME', multiple: true, help: 'a response header that the web page reads' },
  browser: {
    value: 'NAME',
    help: 'send the headers of chromium, firefox or safari, and follow its rules; default chromium',
  },
  'allow-local-network': {
    help: 'the user allowed the web page to reach this machine or the local network (Chromium asks)',
  },
  'no-body': { help: 'read no response bodies; the verdict needs only headers' },
  oversized: { help: 'also send a body of 11 MB, to check that the web page can read the error' },
  compare: { value: 'URL2', help: 'send the same requests to URL2 and show the differences' },
  'dry-run': { help: 'show the requests without sending them' },
  verbose: { help: 'also show the passed steps and the CORS headers of each response' },
} as const satisfies OptionTable;

/** The options for a template. */
const TEMPLATE_OPTIONS = {
  parameter: { value: 'NAME=VALUE', multiple: true, help: 'value of a template parameter' },
} as const satisfies OptionTable;

/** What a browser has recorded, in place of a URL. */
const RECORDING_OPTIONS = {
  har: { value: 'FILE', help: 'explain the blocked requests in a HAR file; - reads standard input' },
  console: { value: 'TEXT', help: "explain a message of the browser's console; - reads standard input" },
} as const satisfies OptionTable;

const COMMON_OPTIONS = {
  json: { help: 'print all results as JSON' },
  help: { short: 'h', help: 'print this help' },
} as const satisfies OptionTable;

const OPTIONS = { ...CALL_OPTIONS, ...TEMPLATE_OPTIONS, ...RECORDING_OPTIONS, ...COMMON_OPTIONS };

export const USAGE = `Usage: cors-doctor URL [options]
       cors-doctor template.yaml [--parameter NAME=VALUE] [--json]
       cors-doctor --har FILE | --console TEXT [--json]

Predicts whether a browser lets a web page call URL. If not, it shows which step
fails, why, and how to fix it. Given an AWS SAM or CloudFormation template, it
predicts this for every path before you deploy. Given a HAR file or a message
from the console of a browser, it explains what was blocked and sends nothing.

${formatOptions(OPTIONS)}
The doctor sends the real request, as the web page would: POST, PUT, PATCH or
DELETE can change data.

Exit codes
  0  ALLOWED: the browser lets the web page read the response.
     With --compare: both verdicts are the same. For a template: no errors.
  1  BLOCKED: the browser blocks the request or the response.
     With --compare: the verdicts differ. For a template: at least one error.
     With --har and --console: a blocked request is explained.
  2  UNKNOWN: there was no response. For a template: no errors, but a part of it
     could not be examined. With --har and --console: the cause is not recorded.
     Also for invalid arguments.
`;

export type Command =
  | { kind: 'help' }
  | RecordingCommand
  | { kind: 'template'; file: string; parameters: Readonly<Record<string, string>>; json: boolean }
  | {
      kind: 'call';
      call: PageCall;
      compare: string | undefined;
      /** Whether response bodies are read. */
      bodies: boolean;
      oversized: boolean;
      dryRun: boolean;
      verbose: boolean;
      json: boolean;
    };

/** @throws UsageError */
export function parseCommand(args: readonly string[]): Command {
  const { values, positionals } = parse(args);
  if (values.help === true) return { kind: 'help' };
  const recording = recordingOf(values, positionals);
  if (recording !== undefined) return recording;
  const [subject, ...others] = positionals;
  if (subject === undefined)
    throw new UsageError('Missing URL or template, for example http://localhost:3000/scanRecords.');
  if (others.length > 0) {
    // The message does not repeat them: without quotes, they can include the second half of a secret.
    throw new UsageError(
      `Expected one URL or template, but received ${positionals.length}. Put values that contain spaces in quotes.`,
    );
  }
  const json = values.json ?? false;
  if (isTemplate(subject)) {
    rejectOptions(values, CALL_OPTIONS, 'applies to a URL, not to a template');
    const parameters = parsePairs('--parameter', values.parameter ?? []);
    return { kind: 'template', file: subject, parameters, json };
  }
  rejectOptions(values, TEMPLATE_OPTIONS, 'applies to a template, not to a URL');
  return {
    kind: 'call',
    call: callOf(subject, values),
    compare: values.compare === undefined ? undefined : urlOf(values.compare),
    bodies: values['no-body'] !== true,
    oversized: values.oversized ?? false,
    dryRun: values['dry-run'] ?? false,
    verbose: values.verbose ?? false,
    json,
  };
}

function recordingOf(
  values: ReturnType<typeof parse>['values'],
  positionals: readonly string[],
): RecordingCommand | undefined {
  const { har, console: text, json = false } = values;
  if (har === undefined && text === undefined) return undefined;
  if (har !== undefined && text !== undefined)
    throw new UsageError('--har and --console exclude each other.');
  if (positionals.length > 0) {
    throw new UsageError('--har and --console take no URL. Put a message that contains spaces in quotes.');
  }
  const { verbose = false, ...others } = values;
  rejectOptions(others, { ...CALL_OPTIONS, ...TEMPLATE_OPTIONS }, 'does not apply to a recording');
  if (har !== undefined) return { kind: 'har', file: har, json, verbose };
  return { kind: 'console', text: text ?? '', json };
}

function isTemplate(subject: string): boolean {
  return /\.(?:ya?ml|json|template)$/i.test(subject) && !/^[a-z][a-z0-9+.-]*:\/\//i.test(subject);
}

function callOf(url: string, values: ReturnType<typeof parse>['values']): PageCall {
  const method = methodOf(values.method ?? 'POST');
  const apiKey = values['api-key'];
  const headers = headersOf(
    [...(values.header ?? []), ...(apiKey === undefined ? [] : [`X-Api-Key:${apiKey}`])],
    method,
  );
  return {
    url: urlOf(url),
    origin: originOf(values.origin ?? 'http://localhost:5173'),
    method,
    headers,
    body: bodyOf(values.body, method, headers),
    credentials: values.credentials === true ? 'include' : 'same-origin',
    reads: values.read ?? [],
    browser: browserOf(values.browser ?? 'chromium'),
    allowsLocalNetwork: values['allow-local-network'] ?? false,
  };
}

function parse(args: readonly string[]) {
  // Headers and bodies can contain secrets.
  return parseOptions(args, OPTIONS, { hideValues: true });
}

function rejectOptions(values: object, options: OptionTable, reason: string): void {
  const given = Object.keys(options).find((option) => option in values);
  if (given !== undefined) throw new UsageError(`--${given} ${reason}.`);
}
