/** Compresses responses for clients that send Accept-Encoding. */
import { constants } from 'node:zlib';
import compress from 'compression';
import type { RequestHandler } from 'express';

/** The media types of responses that are not items. */
const OTHER_MEDIA_TYPES = ['application/json', 'application/problem+json'];

/**
 * Compresses items and other JSON. Uses fast levels, because slow ones would delay the stream for little gain.
 *
 * @param mediaTypes the media types of items.
 */
export function compression(mediaTypes: readonly string[]): RequestHandler {
  const compressible = new Set([...mediaTypes, ...OTHER_MEDIA_TYPES]);
  return compress({
    level: constants.Z_BEST_SPEED,
    brotli: { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } },
    filter: (_request, response) => {
      const [mediaType = ''] = String(response.getHeader('Content-Type')).split(';');
      return compressible.has(mediaType);
    },
  });
}
