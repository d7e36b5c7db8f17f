/** Answers are compressed for clients that send Accept-Encoding. */
import { constants } from 'node:zlib';
import compress from 'compression';

/**
 * Compresses records and what else is JSON. The levels are fast ones: records stream, and a slow level
 * would hold them up for little.
 */
export const compression = compress({
  level: constants.Z_BEST_SPEED,
  brotli: { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } },
  filter: (_request, response) => COMPRESSIBLE.test(String(response.getHeader('Content-Type'))),
});

/** All that this server sends but the empty answers. */
const COMPRESSIBLE = /^(?:application\/(?:json|problem\+json|x-ndjson|x-amz-json-1\.0)|text\/csv)\b/;
