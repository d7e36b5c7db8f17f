/** Short requests while many scans run. */
import { startServerOf, startTable } from '../helpers/faults';
import { endServers, type ServerProcess } from '../helpers/serverProcess';

const FORMATS = ['application/json', 'application/x-ndjson', 'text/csv', 'application/x-amz-json-1.0'];
const SCANS = 100;
const PAGES = 4;

jest.setTimeout(60_000);
// A machine with other work can be too slow once.
jest.retryTimes(3);

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

  it.each(FORMATS)('responds to 99 of 100 requests of /healthz within a second: %s', async (Accept) => {
    await scan(Accept);
    let running = SCANS;
    const scans = Array.from({ length: SCANS }, () => scan(Accept).finally(() => running--));
    const latencies: number[] = [];
    while (running > 0) {
      const startedAt = performance.now();
      await (await fetch(new URL('/healthz', url))).text();
      latencies.push(performance.now() - startedAt);
    }
    await Promise.all(scans);
    latencies.sort((a, b) => a - b);
    expect(latencies[Math.floor(latencies.length * 0.99)]).toBeLessThan(1000);
  });
});
