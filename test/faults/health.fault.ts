/** Short requests while many scans run. `npm run bench` measures their times. */
import { startServerOf, startTable } from '../helpers/faults';
import { endServers, type ServerProcess } from '../helpers/serverProcess';

const FORMATS = ['application/json', 'application/x-ndjson', 'text/csv', 'application/x-amz-json-1.0'];
const SCANS = 100;
const PAGES = 4;

/** A server that runs each scan to its end before it responds would send only one or two. */
const MIN_RESPONSES = 10;

jest.setTimeout(120_000);

describe('a server that runs 100 scans', () => {
  let table: Awaited<ReturnType<typeof startTable>>;
  let server: ServerProcess;
  let url: string;

  beforeEach(async () => {
    table = await startTable(PAGES);
    server = startServerOf(table.endpoint);
    url = await server.url;
  });

  afterEach(async () => {
    table.process.kill();
    await endServers();
  });

  async function scan(Accept: string): Promise<void> {
    const response = await fetch(url, { method: 'POST', headers: { Accept, 'Accept-Encoding': 'identity' } });
    expect(response.status).toBe(200);
    await response.body?.pipeTo(new WritableStream());
  }

  it.each(FORMATS)('keeps responding to /healthz: %s', async (Accept) => {
    let running = SCANS;
    const scans = Array.from({ length: SCANS }, () => scan(Accept).finally(() => running--));
    let responses = 0;
    while (running > 0) {
      const { status } = await fetch(new URL('/healthz', url));
      expect(status).toBe(200);
      responses++;
    }
    await Promise.all(scans);
    expect(responses).toBeGreaterThanOrEqual(MIN_RESPONSES);
  });
});
