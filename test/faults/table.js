/** A process that responds like DynamoDB, with a table of PAGES pages of about 300 kB. Prints its port. */
const { createServer } = require('node:http');

const pages = Number(process.env.PAGES);
const ITEMS_PER_PAGE = 300;

const items = Array.from({ length: ITEMS_PER_PAGE }, (_, index) => ({
  id: { S: `item ${index}` },
  mag: { N: `${index}.25` },
  text: { S: 'x'.repeat(930) },
}));
const counts = { Items: items, Count: items.length, ScannedCount: items.length };

const server = createServer((request, response) => {
  let text = '';
  request.setEncoding('utf8').on('data', (chunk) => (text += chunk));
  request.on('end', () => {
    if (process.env.KEEP_ALIVE === 'false') response.setHeader('Connection', 'close');
    if (!request.headers['x-amz-target'].endsWith('.Scan')) {
      response.end('{"Table":{"TableStatus":"ACTIVE"}}');
      return;
    }
    const page = Number(JSON.parse(text).ExclusiveStartKey?.id.S ?? 0) + 1;
    const key = page < pages ? { LastEvaluatedKey: { id: { S: String(page) } } } : {};
    response.end(JSON.stringify({ ...counts, ...key }));
  });
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`));
