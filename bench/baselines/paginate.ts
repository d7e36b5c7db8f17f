/** Baseline: collects all pages with `paginateScan` and sends them with `res.json`, as tutorials show it. */
import cors from 'cors';
import express from 'express';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';

const client = DynamoDBDocumentClient.from(new DynamoDBClient({ endpoint: process.env.DYNAMODB ?? '' }));

const app = express();
app.use(cors());
app.post('/scanRecords', express.json(), async (request, response) => {
  const { TableName } = request.body as { TableName: string };
  const items: unknown[] = [];
  for await (const page of paginateScan({ client }, { TableName })) items.push(...(page.Items ?? []));
  response.json(items);
});
app.listen(0, '127.0.0.1');
