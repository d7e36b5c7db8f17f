/** A CORS header that is sent more than once, usually by an application and by the proxy in front of it. No I/O. */
import { normalizeHeaderValue } from 'cors-policy';
import type { Observation } from '../evidence';
import type { Cause, Failure } from './cause';

/** The headers of which browsers accept only one value. */
const SINGLE = ['Access-Control-Allow-Origin', 'Access-Control-Allow-Credentials'] as const;

/** @param senders the detected platforms that can send the header. */
export function sentTwice({ response, step }: Failure, senders: readonly string[]): Cause | undefined {
  const name = SINGLE.find((header) => step.name.endsWith(header));
  if (name === undefined) return undefined;
  const values = valuesOf(response, name);
  if (values.length < 2) return undefined;
  const equal = new Set(values).size === 1;
  const times = values.length === 2 ? 'twice' : `${values.length} times`;
  return {
    ruleId: 'sent-twice',
    message: `${name} is sent ${times}${equal ? `, each time with the value ${values[0] ?? ''}` : `, with the values ${values.join(' and ')}`}. ${senderSentence(senders)} Browsers accept only one.`,
    fix: 'deduplicate',
  };
}

/** Returns the values of all lines with this name. */
export function valuesOf({ headers }: Pick<Observation, 'headers'>, name: string): string[] {
  return headers
    .filter(([own]) => own.toLowerCase() === name.toLowerCase())
    .map(([, value]) => normalizeHeaderValue(value));
}

function senderSentence(senders: readonly string[]): string {
  const [first, second] = senders;
  if (first === undefined) return 'Two places on the server set it, for example the application and a proxy.';
  if (second === undefined)
    return `Two places set it: ${first} in two places, or ${first} and another server.`;
  return `The response comes from ${first} behind ${second}, so probably both send it.`;
}
