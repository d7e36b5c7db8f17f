/** The app: the whole middleware order, top to bottom. */
import express, { type Express, type RequestHandler } from 'express';
import helmet from 'helmet';
import type { Logger } from 'pino';
import type { Config } from './config/config';
import { corsHeaders, rejectOrigins } from './cors/middleware';
import { compression } from './http/compression';
import { healthRoutes } from './http/health';
import { logBlockedRequests } from './cors/blockedRequestLog';
import { notFound } from './http/fallbackRoutes';
import { openapiRoutes } from './openapi/routes';
import { problemHandler } from './http/problem';
import { requestLog } from './http/requestLog';
import { dynamodbProblem } from './scan/dynamodbProblem';
import type { Repository } from './dynamodb/repository';
import { scanRoutes } from './scan/routes';

export interface AppDependencies {
  config: Config;
  repository: Repository;
  logger: Logger;
}

/**
 * Makes the app. It listens nowhere and reads no environment.
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

  // Whatever answers below, has an id, a log line, and the security and CORS headers.
  app.use(requestLog(logger));
  app.use(securityHeaders);
  app.use(corsHeaders(config.cors, logBlockedRequests(logger, config.cors.methods)));
  app.use(rejectOrigins);
  if (config.compression) app.use(compression);

  app.use(scanRoutes({ repository, ...config }));
  app.use(healthRoutes(repository, config.tableName));
  app.use(openapiRoutes());

  app.use(notFound);
  app.use(problemHandler(dynamodbProblem));
  return app;
}

/** helmet for an API: nothing here is a page, and what concerns pages alone is off. */
const securityHeaders: RequestHandler[] = [
  helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { 'default-src': ["'none'"], 'frame-ancestors': ["'none'"] },
    },
    xFrameOptions: { action: 'deny' },
    // Who may read the answers is for the CORS policy to say.
    crossOriginResourcePolicy: { policy: 'cross-origin' },
    // HTTPS ends in front of this server; on localhost the header would outlive it.
    strictTransportSecurity: false,
    crossOriginOpenerPolicy: false,
    originAgentCluster: false,
    xDnsPrefetchControl: false,
    xDownloadOptions: false,
    xPermittedCrossDomainPolicies: false,
    xXssProtection: false,
  }),
  (_request, response, next) => {
    response.set('Cache-Control', 'no-store');
    next();
  },
];
