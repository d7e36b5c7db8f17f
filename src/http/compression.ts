/** Compresses responses for clients that send Accept-Encoding. */
import { constants } from 'node:zlib';
import compress from 'compression';

/** Every media type of this server's responses. */
const COMPRESSIBLE = /^(?:application\/(?:json|problem\+json|x-ndjson|x-amz-json-1\.0)|text\/csv)\b/;

/** Compresses items and other JSON. Uses fast levels, because slow ones would delay the stream for little gain. */
export const compression = compress({
  level: constants.Z_BEST_SPEED,
  brotli: { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } },
  filter: (_request, response) => COMPRESSIBLE.test(String(response.getHeader('Content-Type'))),
});
