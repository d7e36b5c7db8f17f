/** The query string of GET /scanRecords: text to a ScanRequest. */
import { parse } from 'lossless-json';
import { z } from 'zod';
import { HttpProblem } from '../../http/problem';
import { plainNumbers, validRequest, type ParseOptions, type ScanRequest } from './parse';
import { queryStringSchema } from './schema';

/** The parameters whose value is text. All others are JSON. */
const TEXT_PARAMETERS = new Set(
  Object.entries(queryStringSchema.shape)
    .filter(([, schema]) => [z.ZodString, z.ZodEnum].some((type) => schema.unwrap() instanceof type))
    .map(([name]) => name),
);

/**
 * Parses a query string. It has the parameters of a request body, and those for the response: `format`, `download` and
 * `bom`. Numbers, booleans and structured values are JSON: `Limit=5&ExclusiveStartKey={"id":"a"}`.
 *
 * @param query without the question mark.
 * @throws HttpProblem 400 that names each invalid parameter and what it accepts.
 */
export function parseQueryString(query: string, options: ParseOptions = {}): ScanRequest {
  const pairs = new URLSearchParams(query);
  const repeated = Object.keys(queryStringSchema.shape).find((name) => pairs.getAll(name).length > 1);
  if (repeated !== undefined) {
    throw new HttpProblem('InvalidRequest', `${repeated} is given more than once. Send one value.`);
  }
  const parameters = Object.fromEntries(Array.from(pairs, ([name, text]) => [name, valueOf(name, text)]));
  return validRequest(plainNumbers(parameters), queryStringSchema, options);
}

/** Text that is not JSON stays text, so that the message about the parameter shows it as sent. */
function valueOf(name: string, text: string): unknown {
  if (TEXT_PARAMETERS.has(name)) return text;
  try {
    return parse(text);
  } catch {
    return text;
  }
}
