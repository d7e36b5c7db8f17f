/** Builds the app: the middleware and the routes in the order in which a request passes them. */
import express, { type Express } from 'express';
import type { Logger } from 'pino';
import { authenticate } from './auth/authenticate';
import { packageVersion } from './cli/version';
import type { Config } from './config/config';
import { logDecisions } from './cors/decisionLog';
import { rejectForgedReads } from './cors/forgeryGuard';
import { corsHeaders, rejectOrigins } from './cors/middleware';
import type { Repository } from './dynamodb/repository';
import { shareDescriptions } from './dynamodb/sharedDescriptions';
import { compression } from './http/compression';
import { notFound } from './http/fallbackRoutes';
import { livenessRoutes, readinessRoutes } from './http/health';
import { checkHost } from './http/hostCheck';
import { problemHandler } from './http/problem';
import { limitRequests } from './http/rateLimit';
import { requestLog } from './http/requestLog';
import { securityHeaders } from './http/securityHeaders';
import { openapiRoutes } from './openapi/routes';
import { dynamodbProblem } from './scan/dynamodbProblem';
import { FORMATS } from './scan/formats';
import { SCAN_PATH } from './scan/path';
import { scanRoutes } from './scan/routes';
import { TABLE_PATHS, tableRoutes } from './tables/routes';
import { consoleRoutes } from './webConsole/routes';

export interface AppDependencies {
  config: Config;
  repository: Repository;
  logger: Logger;
}

/**
 * Creates the app. It does not listen and does not read the environment.
 *
 * @example
 * createApp({ config: parseConfig(process.env), repository, logger }).listen(3000);
 */
export function createApp({ config, repository, logger }: AppDependencies): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  // As strict as API Gateway, so that a path that works here works there.
  app.enable('case sensitive routing');
  app.enable('strict routing');
  app.set('trust proxy', config.trustProxy);

  const authentication = config.auth.kind === 'none' ? undefined : authenticate(config.auth);

  // Every response has a request id, a log line, and the security and CORS headers.
  app.use(requestLog(logger));
  app.use(securityHeaders);
  // Only the console's own page may read its files, so they have no CORS headers.
  if (config.console) app.use(consoleRoutes({ version: packageVersion, authentication, ...config }));
  app.use(corsHeaders(config.cors, logDecisions(logger, config.cors.methods)));
  app.use(checkHost(config.allowedHosts));
  app.use(rejectOrigins);
  app.get([SCAN_PATH, TABLE_PATHS], rejectForgedReads);
  app.use(livenessRoutes());

  // From here on, only clients that may read. OPTIONS never needs credentials.
  if (authentication !== undefined) app.use(authentication);
  if (config.rateLimitPerMinute !== undefined) app.use(limitRequests(config.rateLimitPerMinute));
  if (config.compression) app.use(compression(FORMATS.map(({ mediaType }) => mediaType)));

  const describe = shareDescriptions(repository);
  app.use(scanRoutes({ repository, ...config }));
  app.use(tableRoutes({ describe, ...config }));
  app.use(readinessRoutes(() => describe(config.tableName)));
  app.use(openapiRoutes());

  app.use(notFound);
  app.use(problemHandler(dynamodbProblem));
  return app;
}
