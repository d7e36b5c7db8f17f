/** The same app behind API Gateway: configuration, repository, app, handler. */
import { pipeline } from 'node:stream/promises';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { pino } from 'pino';
import { createApp } from './app';
import { parseConfig, type Config } from './config/config';
import { httpServer } from './http/httpServer';
import { Loopback } from './lambda/loopback';
import { bufferedAnswer, streamedHead } from './lambda/proxyAnswer';
import { proxyRequest } from './lambda/proxyRequest';
import { ConfigError } from './config/configIssue';
import { openRemote, type RemoteDynamodb } from './cli/remoteTable';

type ResponseStream = awslambda.HttpResponseStream;

const config = parseConfig(process.env);
const logger = pino({ level: config.logLevel });
const repository = openRemote(remote(config), config.dynamodbTimeout);
const app = new Loopback(httpServer(createApp({ config, repository, logger }), logger));

/** `sam local` hands a function what it would stream for API Gateway, but takes no streamed answer. */
const isSamLocal = process.env.AWS_SAM_LOCAL === 'true';

export const handler = isSamLocal ? answerBuffered : awslambda.streamifyResponse(answerStreamed);

/**
 * Streams the app's answer. One that breaks off makes the invocation fail, so that API Gateway breaks
 * its own off: the runtime says so behind the bytes that have been sent.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode-lambda.html
 */
async function answerStreamed(
  event: APIGatewayProxyEvent,
  responseStream: ResponseStream,
  context: Context,
): Promise<void> {
  // The app listens all the time: the runtime would wait for ever before the next event.
  context.callbackWaitsForEmptyEventLoop = false;
  const answer = await app.ask(proxyRequest(event));
  const stream = awslambda.HttpResponseStream.from(responseStream, streamedHead(answer));
  // The head goes out with the first write: an answer may be long in coming, or have no body at all.
  stream.write('');
  // Not destroyed on failure, for the runtime has yet to write its trailers.
  await pipeline(answer, stream, { end: false });
  stream.end();
}

async function answerBuffered(event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> {
  const request = proxyRequest(event);
  // A compressed body would have to be declared as binary, which sam local takes for few types.
  delete request.headers['accept-encoding'];
  return bufferedAnswer(await app.ask(request));
}

function remote({ dynamodb }: Config): RemoteDynamodb {
  if (dynamodb.kind !== 'embedded') return dynamodb;
  const fix = 'Set it to aws, or to the URL of an endpoint that the function can reach';
  const reason = 'the embedded engine is no part of the function';
  throw new ConfigError([{ setting: 'DYNAMODB', value: 'embedded', reason, fix }]);
}
