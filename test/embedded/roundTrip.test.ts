import type { Server } from 'node:http';
import { createServer } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'lossless-json';
import { startEmbedded } from '../../src/embedded/start';
import type { FileOptions } from '../../src/embedded/files/loadFiles';
import { NO_OPTIONS, withFile } from '../helpers/itemFiles';
import { listen } from '../helpers/listen';
import { repositoryAt, testApp } from '../helpers/servedApp';

jest.setTimeout(60_000);

const SAMPLE = gunzipSync(readFileSync(join(__dirname, '../../sample/earthquakes.ndjson.gz'))).toString();

/** Items that are hard to write in some format. */
const AWKWARD = [
  '{"id":{"S":"digits"},"value":{"N":"-12345678901234567890.123456789012345678"},"tiny":{"N":"0.000000000000000000000000000000000001"}}',
  '{"id":{"S":"sets"},"text":{"SS":["a","b,c","d\\"e"]},"numbers":{"NS":["1","12345678901234567890123456789012345678"]},"bytes":{"BS":["AA==","/wD+"]}}',
  '{"id":{"S":"binary"},"bytes":{"B":"/wD+"},"empty":{"B":""}}',
  '{"id":{"S":"empty values"},"text":{"S":""},"list":{"L":[]},"map":{"M":{}},"nothing":{"NULL":true}}',
  '{"id":{"S":"names"},"a \\"quoted\\" name":{"S":"x"},"a.b":{"S":"y"},"line\\nbreak":{"S":"z"},"comma, semicolon;":{"S":"z"},"é 日本 😀":{"S":"z"}}',
  '{"id":{"S":"text"},"lines":{"S":"one\\ntwo\\r\\nthree"},"quotes":{"S":"\\"\\"\\""},"formula":{"S":"=1+1"},"guarded":{"S":"\'=1+1"},"tab":{"S":"\\t\\u0001"},"looks typed":{"S":"{\\"S\\":\\"a\\"}"}}',
  '{"id":{"S":"nested"},"map":{"M":{"S":{"S":"a"},"list":{"L":[{"BOOL":true},{"M":{"deep":{"N":"1.5"}}}]}}}}',
].join('\n');

/** Serves the content of a file, and returns the responses in the media types, in order. */
async function served(
  content: string | Buffer,
  mediaTypes: readonly string[],
  options: Partial<FileOptions> = {},
): Promise<Buffer[]> {
  return withFile(content, async (path) => {
    const engine = await startEmbedded({
      kind: 'files',
      paths: [path],
      options: { ...NO_OPTIONS, ...options },
    });
    const repository = repositoryAt(engine.endpoint);
    const server: Server = createServer(testApp(repository).app);
    const { port, close } = await listen(server);
    try {
      const responses: Buffer[] = [];
      for (const Accept of mediaTypes) {
        const response = await fetch(`http://127.0.0.1:${port}/scanRecords`, {
          method: 'POST',
          headers: { Accept },
        });
        expect(response.status).toBe(200);
        responses.push(Buffer.from(await response.arrayBuffer()));
      }
      return responses;
    } finally {
      await close();
      repository.close();
      await engine.close();
    }
  });
}

const NDJSON = 'application/x-ndjson';
const TYPED = 'application/x-amz-json-1.0';

describe.each([
  ['the sample', SAMPLE],
  ['awkward items', AWKWARD],
])('%s, written by the server and served again,', (_which, items) => {
  it.each(['application/json', NDJSON, TYPED])('has the same NDJSON after %s', async (mediaType) => {
    const [file, before] = (await served(items, [mediaType, NDJSON])) as [Buffer, Buffer];
    const [after] = await served(file, [NDJSON]);
    expect(after?.equals(before)).toBe(true);
  });

  it('keeps all types after the typed form', async () => {
    const [file] = (await served(items, [TYPED])) as [Buffer];
    const [again] = await served(file, [TYPED]);
    expect(again?.equals(file)).toBe(true);
  });
});

describe('CSV, written by the server and served again,', () => {
  /** The items by ID, with numbers as their text and without the order of attributes, which CSV cannot keep. */
  function itemsById(ndjson: Buffer): Map<unknown, unknown> {
    const items = ndjson
      .toString()
      .trimEnd()
      .split('\n')
      .map((line) => parse(line, undefined, String) as { id: unknown });
    return new Map(items.map((item) => [item.id, item]));
  }

  it('keeps the values of the sample if their types are inferred, but NULL in columns of text', async () => {
    const [csv, before] = (await served(SAMPLE, ['text/csv', NDJSON])) as [Buffer, Buffer];
    const [after] = (await served(csv, [NDJSON], { infer: true })) as [Buffer];
    // A column that also has text is text, and CSV writes NULL as null.
    const withoutNull = (ndjson: Buffer) => Buffer.from(ndjson.toString().replaceAll(':null', ':"null"'));
    expect(itemsById(withoutNull(after))).toEqual(itemsById(withoutNull(before)));
  });

  it('keeps every text without inference', async () => {
    const texts = AWKWARD.split('\n')
      .filter((line) => /"id":\{"S":"(?:names|text)"/.test(line))
      .join('\n');
    const [csv, before] = (await served(texts, ['text/csv', NDJSON])) as [Buffer, Buffer];
    const [after] = (await served(csv, [NDJSON])) as [Buffer];
    expect(itemsById(after)).toEqual(itemsById(before));
  });
});
