/** Baseline: like paginate.ts, but with `DocumentClient` of the AWS SDK v2. */
process.env.AWS_SDK_JS_SUPPRESS_MAINTENANCE_MODE_MESSAGE = '1';
const cors = require('cors');
const express = require('express');
const { DynamoDB } = require('aws-sdk');

const client = new DynamoDB.DocumentClient({ endpoint: process.env.DYNAMODB });

const app = express();
app.use(cors());
app.post('/scanRecords', express.json(), async (request, response) => {
  const { TableName } = request.body;
  const items = [];
  let ExclusiveStartKey;
  do {
    const page = await client.scan({ TableName, ExclusiveStartKey }).promise();
    items.push(...page.Items);
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey !== undefined);
  response.json(items);
});
app.listen(0, '127.0.0.1');
