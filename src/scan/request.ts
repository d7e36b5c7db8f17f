/** The body of POST /scanRecords: bytes to a ScanRequest. The schema also yields the OpenAPI document. */
import { z } from 'zod';
import { Problem } from '../problems';

/** DynamoDB's own Scan parameters, in plain JSON. */
export const scanRequestSchema = z
  .strictObject({
    TableName: z
      .string({ error: 'it takes the name of a table' })
      .min(1, { error: 'it takes the name of a table' })
      .optional()
      .describe('The table to scan: the configured one, or another that the server allows.'),
  })
  .describe('Parameters of the scan; without any, every record of the default table.');

export type ScanRequest = z.infer<typeof scanRequestSchema>;

/** Bytes of the largest body that is read. */
export const BODY_LIMIT = 262_144;

/**
 * Reads a request body; no bytes count as `{}`.
 *
 * @throws Problem 400 that names each member at fault.
 */
export function parseScanRequest(body: Uint8Array): ScanRequest {
  const parsed = scanRequestSchema.safeParse(body.byteLength === 0 ? {} : parseJson(body));
  if (parsed.success) return parsed.data;
  throw new Problem(400, 'InvalidRequest', parsed.error.issues.map(sentence).join(' '));
}

function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    throw new Problem(400, 'InvalidJson', 'The body is not JSON in UTF-8. Send a JSON object, or no body.');
  }
}

function sentence(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') {
    const unknown = issue.keys
      .slice(0, 5)
      .map((key) => JSON.stringify(key.slice(0, 100)))
      .join(', ');
    const members = Object.keys(scanRequestSchema.shape).join(', ');
    return `Unknown member ${unknown}; the body takes ${members}.`;
  }
  if (issue.path.length === 0) return 'The body takes a JSON object.';
  return `${issue.path.join('.')}: ${issue.message}.`;
}
