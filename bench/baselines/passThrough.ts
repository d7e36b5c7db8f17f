/** Baseline: sends DynamoDB's pages unchanged, one after another. It is the fastest that Node's `http` can be. */
import { Agent, createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';

const agent = new Agent({ keepAlive: true });

async function passThrough(table: string, response: ServerResponse): Promise<void> {
  const pages = Number(table.split('.')[1]);
  for (let index = 0; index < pages; index++) {
    const key = index === 0 ? {} : { ExclusiveStartKey: { id: { S: `${index}` } } };
    const outgoing = request(process.env.DYNAMODB ?? '', {
      agent,
      method: 'POST',
      headers: { 'x-amz-target': 'DynamoDB_20120810.Scan' },
    });
    outgoing.end(JSON.stringify({ TableName: table, ...key }));
    const [page] = (await once(outgoing, 'response')) as [IncomingMessage];
    page.pipe(response, { end: false });
    await once(page, 'end');
  }
  response.end();
}

createServer((incoming, response) => {
  let json = '';
  incoming.on('data', (chunk: Buffer) => (json += chunk.toString()));
  incoming.on('end', () => void passThrough((JSON.parse(json) as { TableName: string }).TableName, response));
}).listen(0, '127.0.0.1');
