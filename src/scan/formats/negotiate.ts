/** Which format an answer has. https://httpwg.org/specs/rfc9110.html#field.accept */
import type { Request } from 'express';
import type { ResponseShape } from '../../config/config';
import { Problem } from '../../http/problem';
import type { ItemForm } from '../../dynamodb/transcoder/transcoder';
import { csvWriter } from './csv';
import type { Format } from './format';
import { writeArray, writeObject } from './json';
import { writeLines } from './ndjson';

/** The first is the default. */
const MEDIA_TYPES = [
  'application/json',
  'application/x-ndjson',
  'text/csv',
  'application/x-amz-json-1.0',
] as const;

/** What a media range says besides its weight, such as a charset: it asks for the same format. */
const PARAMETER = /;(?!\s*q=)[^;,]*/gi;

export type MediaType = (typeof MEDIA_TYPES)[number];

/**
 * The media type that `Accept` likes best.
 *
 * @throws Problem 406 that lists those there are.
 */
export function negotiate(request: Request): MediaType {
  const { headers } = request;
  if (headers.accept !== undefined) headers.accept = headers.accept.replace(PARAMETER, '');
  const mediaType = request.accepts([...MEDIA_TYPES]);
  if (mediaType !== false) return mediaType as MediaType;
  throw new Problem(406, 'NotAcceptable', `Accept one of ${MEDIA_TYPES.join(', ')}.`);
}

export function formatOf(mediaType: MediaType, numbers: ItemForm['numbers'], shape: ResponseShape): Format {
  const plain: ItemForm = { values: 'plain', numbers, separator: ',' };
  const typed: ItemForm = { ...plain, values: 'typed' };
  switch (mediaType) {
    case 'application/json':
      return shape === 'array'
        ? { contentType: mediaType, form: plain, hasSummary: false, write: writeArray }
        : { contentType: mediaType, form: plain, hasSummary: true, write: writeObject };
    case 'application/x-amz-json-1.0':
      return { contentType: mediaType, form: typed, hasSummary: true, write: writeObject };
    case 'application/x-ndjson':
      return {
        contentType: mediaType,
        form: { ...plain, separator: '\n' },
        hasSummary: false,
        write: writeLines,
      };
    case 'text/csv':
      return {
        contentType: 'text/csv; charset=utf-8; header=present',
        form: typed,
        hasSummary: false,
        extension: 'csv',
        write: csvWriter(numbers),
      };
  }
}
