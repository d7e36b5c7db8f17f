/** The list of response formats, and content negotiation over it. https://httpwg.org/specs/rfc9110.html#field.accept */
import accepts from 'accepts';
import type { IncomingMessage } from 'node:http';
import type { ResponseShape } from '../../config/config';
import { HttpProblem } from '../../http/problem';
import { csv } from './csv';
import type { Format } from './format';
import { json, jsonArray, typedJson } from './json';
import { ndjson } from './ndjson';

/** Every format; the first is the default. Negotiation, compression and the OpenAPI document use this list. */
export const FORMATS: readonly Format[] = [json, ndjson, csv, typedJson];

const MEDIA_TYPES = FORMATS.map(({ mediaType }) => mediaType);

/** The parameters of a media range except its weight, for example a charset. They do not change the format. */
const PARAMETER = /;(?!\s*q=)[^;,]*/gi;

/**
 * Chooses the format that `Accept` prefers.
 *
 * @param accept the value of the header; undefined chooses the default.
 * @throws HttpProblem 406 with the list of media types.
 */
export function negotiateFormat(accept: string | undefined, shape: ResponseShape): Format {
  const headers = accept === undefined ? {} : { accept: accept.replace(PARAMETER, '') };
  const request: Pick<IncomingMessage, 'headers'> = { headers };
  const mediaType = accepts(request as IncomingMessage).type(MEDIA_TYPES);
  const format = FORMATS.find((candidate) => candidate.mediaType === mediaType);
  if (format === undefined) {
    throw new HttpProblem('NotAcceptable', `Accept must allow one of ${MEDIA_TYPES.join(', ')}.`);
  }
  return format === json && shape === 'array' ? jsonArray : format;
}
