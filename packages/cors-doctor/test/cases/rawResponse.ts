/** Creates cases whose responses are written byte by byte, as no HTTP library writes them. */
import type { Behavior, Case } from './case';

/** Lets the web page read every header, so that the cases compare which headers a browser finds. */
export const ALLOWING_LINES = [
  'Access-Control-Allow-Origin: {origin}',
  'Access-Control-Expose-Headers: *',
  'Access-Control-Allow-Methods: PUT',
];

/** A response without a length: it ends with the connection. Each character is one byte. */
export function rawResponse(lines: readonly string[], body = ''): string {
  return [...lines, '', body].join('\r\n');
}

/** The response to a request without a preflight. */
export function rawCase(name: string, raw: string, behavior: Behavior = {}): Case {
  return { name, places: [{ response: { ...behavior, raw } }] };
}

/** The same response to a preflight, followed by an ordinary response to PUT. */
export function rawPreflightCase(name: string, raw: string, behavior: Behavior = {}): Case {
  return {
    name: `a preflight: ${name}`,
    call: { method: 'PUT' },
    places: [
      {
        preflight: { ...behavior, raw },
        response: { headers: [['Access-Control-Allow-Origin', '{origin}']] },
      },
    ],
  };
}

/** A response for the request and for a preflight. */
export function rawCases(name: string, raw: string, behavior: Behavior = {}): Case[] {
  return [rawCase(name, raw, behavior), rawPreflightCase(name, raw, behavior)];
}
