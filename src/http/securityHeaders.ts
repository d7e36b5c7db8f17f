/** Security headers of every response: helmet's settings for an API without web pages. */
import type { RequestHandler } from 'express';
import helmet from 'helmet';

/** Sets the security headers, and forbids caching of the items. */
export const securityHeaders: RequestHandler[] = [
  helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { 'default-src': ["'none'"], 'frame-ancestors': ["'none'"] },
    },
    xFrameOptions: { action: 'deny' },
    // The CORS policy decides which web pages can read a response.
    crossOriginResourcePolicy: { policy: 'cross-origin' },
    // A proxy terminates HTTPS. On localhost, browsers would apply the header to every other port too.
    strictTransportSecurity: false,
    // The remaining headers only affect web pages.
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
