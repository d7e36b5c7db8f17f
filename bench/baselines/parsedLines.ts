/** A server that parses an NDJSON file into memory before it listens. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const [path = ''] = process.argv.slice(2);
const items = readFileSync(path, 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as unknown);

createServer((_request, response) => response.end(JSON.stringify(items[0]))).listen(0, '127.0.0.1');
