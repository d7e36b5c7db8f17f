/** The Lambda function: serves the same app behind API Gateway. */
import { pipeline } from 'node:stream/promises';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { pino } from 'pino';
import { createApp } from './app';
import { parseConfig, type Config } from './config/config';
import { ConfigError } from './config/configError';
import { createRepository, type Repository } from './dynamodb/repository';
import { httpServer } from './http/httpServer';
import { escapeLine } from './http/safeLog';
import { LoopbackClient } from './lambda/loopback';
import { proxyRequest } from './lambda/proxyRequest';
import { bufferedResult, streamMetadata } from './lambda/proxyResponse';
// Lambda gives the initialization more CPU time than the first request, which would load it otherwise.
import './scan/handler';

type ResponseStream = awslambda.HttpResponseStream;

// API Gateway is the one proxy in front of the app, and the function has no web page.
const config = { ...parseConfig(process.env), trustProxy: 1, console: false };
const logger = pino({ level: config.logLevel, hooks: { streamWrite: escapeLine } });
requireTokenSecret(config);
const repository = openRepository(config);
const server = httpServer(createApp({ config, repository, logger }), logger, {
  keepAliveTimeoutMs: config.keepAliveTimeout,
});
const app = new LoopbackClient(server);

/** `sam local` invokes functions as API Gateway does, but does not accept a streamed response. */
const isSamLocal = process.env.AWS_SAM_LOCAL === 'true';

export const handler = isSamLocal ? respondBuffered : awslambda.streamifyResponse(respondStreamed);

/**
 * Streams the app's response. If the app resets the connection, the invocation fails: the runtime
 * reports the error after the bytes already sent, and API Gateway resets the client's connection.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode-lambda.html
 */
async function respondStreamed(
  event: APIGatewayProxyEvent,
  responseStream: ResponseStream,
  context: Context,
): Promise<void> {
  // The app's server keeps listening: without this, the runtime would wait forever before the next event.
  context.callbackWaitsForEmptyEventLoop = false;
  const response = await app.send(proxyRequest(event));
  const stream = awslambda.HttpResponseStream.from(responseStream, streamMetadata(response));
  // The first write sends the headers: a body may take long to begin, or be empty.
  stream.write('');
  // The stream stays open on failure because the runtime still has to write its error trailers.
  await pipeline(response, stream, { end: false });
  stream.end();
}

async function respondBuffered(event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> {
  const request = proxyRequest(event);
  // A compressed body must be declared as binary, which sam local accepts only for a few media types.
  delete request.headers['accept-encoding'];
  return bufferedResult(await app.send(request));
}

/** Each instance of the function would make up a secret of its own, and reject the tokens of the others. */
function requireTokenSecret({ visibleAttributes, itemFilter, tokenSecret }: Config): void {
  if (tokenSecret !== undefined || (visibleAttributes === undefined && itemFilter === undefined)) return;
  const reason = 'VISIBLE_ATTRIBUTES and ITEM_FILTER need it in a Lambda function';
  throw new ConfigError([
    { setting: 'TOKEN_SECRET', value: '', reason, fix: 'Create one with: openssl rand -hex 32' },
  ]);
}

function openRepository({
  dynamodb,
  dynamodbTimeout: timeout,
  dynamodbFastPath: fastPath,
}: Config): Repository {
  if (dynamodb.kind !== 'embedded') return createRepository({ ...dynamodb, timeout, fastPath });
  const reason = 'the function does not include the embedded engine';
  const fix = 'Use aws, or the URL of an endpoint that the function can reach';
  throw new ConfigError([{ setting: 'DYNAMODB', value: 'embedded', reason, fix }]);
}
