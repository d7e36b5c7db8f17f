/** Baseline: an Express handler that calls the SDK for one page, as tutorials show it. */
import cors from 'cors';
import express from 'express';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, ScanCommand, type ScanCommandInput } from '@aws-sdk/lib-dynamodb';

const client = DynamoDBDocumentClient.from(new DynamoDBClient({ endpoint: process.env.DYNAMODB ?? '' }));

const app = express();
app.use(cors());
app.post('/scanRecords', express.json(), async (request, response) => {
  const { Items, Count } = await client.send(new ScanCommand(request.body as ScanCommandInput));
  response.json({ Items, Count });
});
app.listen(0, '127.0.0.1');
