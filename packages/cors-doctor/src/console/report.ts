/** Prints explanations of console messages, with the command that finds out more. No I/O. */
import { escapeControlCharacters, UsageError } from 'command-line';
import type { Finding } from 'sam-template';
import { doctorCommand } from '../doctorCommand';
import { toJson } from '../json';
import { paragraph } from '../layout';
import { findingLines } from '../report';
import { hideQueries } from '../secrets';
import type { Style } from '../terminal';
import { chromiumMessages } from './chromium';
import { explainMessage } from './explain';
import { firefoxMessages } from './firefox';
import type { ConsoleMessage } from './message';
import { safariMessages } from './safari';

export interface ExplainedMessage {
  message: ConsoleMessage;
  finding: Finding;
  /** The command that examines the URL, if the message names it. */
  command: string | undefined;
}

/**
 * Explains each message of a text from a browser's console.
 *
 * @throws UsageError if the text has no such message.
 */
export function explainConsole(text: string): ExplainedMessage[] {
  // Copied messages are often wrapped.
  const line = text.replace(/\s+/g, ' ').trim();
  const known = [...chromiumMessages(line), ...firefoxMessages(line)];
  const messages = known.length > 0 ? known : safariMessages(line);
  if (messages.length === 0) {
    throw new UsageError(
      'The text has no message about a blocked request that the doctor knows. Copy the red lines from the console of the browser, for example: Access to fetch at … has been blocked by CORS policy: … If there is only "Failed to fetch", the lines above it say why.',
    );
  }
  const explained = messages.map((message) => ({
    message,
    finding: explainMessage(message),
    command: commandFor(message),
  }));
  // The console repeats the message of a request that is repeated.
  return [...new Map(explained.map((one) => [JSON.stringify(one), one])).values()];
}

/** Returns the exit code: 1 if every message says why the browser blocked the request, otherwise 2. */
export function consoleExitCode(explained: readonly ExplainedMessage[]): 1 | 2 {
  return explained.some(({ message: { problem } }) => problem === 'unspecified') ? 2 : 1;
}

export function consoleJson(explained: readonly ExplainedMessage[]): string {
  return hideQueries(toJson({ console: explained }, []));
}

export function reportConsole(explained: readonly ExplainedMessage[], style: Style): string {
  const lines = explained.flatMap(({ message, finding, command }, index) => [
    ...(index === 0 ? [] : ['']),
    ...paragraph('', escapeControlCharacters(headline(message)), 0, style.columns).map((line) =>
      style.strong(style.bad(line)),
    ),
    ...findingLines(finding, style),
    ...(command === undefined ? [] : ['', ...commandLines(command, message, style)]),
  ]);
  return hideQueries(`${lines.join('\n')}\n`);
}

function headline({ browser, problem, url, origin }: ConsoleMessage): string {
  const what = url === undefined ? 'the response' : `the response of ${url}`;
  const verb = problem === 'unspecified' ? 'UNKNOWN' : 'BLOCKED';
  return `${verb}: ${browser} did not let ${origin ?? 'the web page'} read ${what}.`;
}

function commandLines(command: string, { method, origin }: ConsoleMessage, style: Style): string[] {
  const missing = [
    ...(origin === undefined ? ['The message does not name the web page: add --origin.'] : []),
    ...(method === undefined
      ? [
          'The message does not name the method: add --method, for example --method GET. By default, the doctor sends POST with JSON, which can change data.',
        ]
      : []),
  ];
  const text = ['This command examines the server and gives the fix in its own terms.', ...missing].join(' ');
  return [...paragraph('', text, 0, style.columns), '', `    ${escapeControlCharacters(command)}`];
}

function commandFor({ problem, url, firstUrl, origin, method, value }: ConsoleMessage): string | undefined {
  return doctorCommand({
    url: firstUrl ?? url ?? '',
    origin,
    method,
    headers: problem === 'header' && value !== undefined ? [value] : [],
    credentials: problem === 'wildcard-with-credentials' || problem === 'credentials',
  });
}
