/** Short requests while many scans run. `npm run bench` measures their times. */
import { startServerOf, startTable } from '../helpers/faults';
import { endServers, startServer } from '../helpers/serverProcess';

const FORMATS = ['application/json', 'application/x-ndjson', 'text/csv', 'application/x-amz-json-1.0'];
const SCANS = 100;
const PAGES = 4;

/** The embedded engine is for development, and too slow for more. */
const ENGINE_SCANS = 10;

/** A server that runs each scan to its end before it responds would send only one or two. */
const MIN_RESPONSES = 10;

jest.setTimeout(120_000);

/** Starts scans, and returns how many requests of /healthz got their response before the last scan ended. */
async function healthResponses(url: string, Accept: string, count: number): Promise<number> {
  let running = count;
  const scans = Array.from({ length: count }, () => scan(url, Accept).finally(() => running--));
  let responses = 0;
  while (running > 0) {
    const { status } = await fetch(new URL('/healthz', url));
    expect(status).toBe(200);
    responses++;
  }
  await Promise.all(scans);
  return responses;
}

async function scan(url: string, Accept: string): Promise<void> {
  const response = await fetch(url, { method: 'POST', headers: { Accept, 'Accept-Encoding': 'identity' } });
  expect(response.status).toBe(200);
  await response.body?.pipeTo(new WritableStream());
}

afterEach(endServers);

describe('a server that runs many scans', () => {
  let table: Awaited<ReturnType<typeof startTable>>;

  beforeAll(async () => (table = await startTable(PAGES)));
  afterAll(() => table.process.kill());

  it.each(FORMATS)('keeps responding to /healthz: %s', async (Accept) => {
    const url = await startServerOf(table.endpoint).url;
    expect(await healthResponses(url, Accept, SCANS)).toBeGreaterThanOrEqual(MIN_RESPONSES);
  });

  it('keeps responding to /healthz while the embedded engine is busy', async () => {
    const url = await startServer([], { LOG_LEVEL: 'error' }).url;
    expect(await healthResponses(url, 'application/json', ENGINE_SCANS)).toBeGreaterThanOrEqual(
      MIN_RESPONSES,
    );
  });
});
