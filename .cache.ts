import { startEmbedded } from './src/embedded/start';
import { createRepository } from './src/scan/repository';
import * as answer from './src/scan/answer';
import { crc32 } from 'node:zlib';
(async () => {
  const t = await startEmbedded('RecordsTable', undefined, { hash: 'id' });
  const http = require('http');
  const s = http.createServer((q: any, r: any) => {});
  const r = createRepository({ endpoint: t.endpoint, region: 'us-east-1', timeout: 5000 });
  try {
    for await (const p of r.scan('RecordsTable', new AbortController().signal))
      console.log(p.count, p.items.length);
  } catch (e: any) {
    console.log(e.message, e.dbg);
  }
  r.close();
  await t.close();
})();
