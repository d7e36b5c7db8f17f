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

/** `text/csv` with a byte order mark, in any place of the list. */
const CSV_WITH_BOM = /(?:^|,)\s*text\/csv\s*(?:;[^,]*)?;\s*bom="?1"?\s*(?:[;,]|$)/i;

/** The format of a response, and whether it begins with a byte order mark. */
export interface ChosenFormat {
  format: Format;
  bom: boolean;
}

/**
 * Chooses the format that the query string names, or that `Accept` prefers.
 *
 * @param accept the value of the header; undefined chooses the default.
 * @throws HttpProblem 406 with the list of media types; 400 for a byte order mark in another format than CSV.
 */
export function chooseFormat(
  { format: name, bom }: { format?: string | undefined; bom?: '0' | '1' | undefined },
  accept: string | undefined,
  shape: ResponseShape,
): ChosenFormat {
  const format = FORMATS.find((candidate) => candidate.name === name) ?? negotiateFormat(accept);
  if (bom === '1' && format !== csv) {
    throw new HttpProblem(
      'InvalidRequest',
      'bom=1 requires format=csv: only CSV can have a byte order mark.',
    );
  }
  return {
    format: format === json && shape === 'array' ? jsonArray : format,
    bom: bom === undefined ? CSV_WITH_BOM.test(accept ?? '') : bom === '1',
  };
}

function negotiateFormat(accept: string | undefined): Format {
  const headers = accept === undefined ? {} : { accept: accept.replace(PARAMETER, '') };
  const request: Pick<IncomingMessage, 'headers'> = { headers };
  const mediaType = accepts(request as IncomingMessage).type(MEDIA_TYPES);
  const format = FORMATS.find((candidate) => candidate.mediaType === mediaType);
  if (format === undefined) {
    throw new HttpProblem('NotAcceptable', `Accept must allow one of ${MEDIA_TYPES.join(', ')}.`);
  }
  return format;
}
