/** The security headers of the console's web page: helmet's settings for a page that runs only its own code. */
import helmet from 'helmet';

const NONE = ["'none'"];
const SELF = ["'self'"];

/** Replaces the security headers of the API. */
export const pageSecurityHeaders = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      'default-src': NONE,
      // Neither inline scripts nor eval, so that text of an item never runs.
      'script-src': SELF,
      'style-src': SELF,
      'img-src': SELF,
      // Items cannot be sent anywhere else.
      'connect-src': SELF,
      'form-action': NONE,
      'base-uri': NONE,
      'frame-ancestors': NONE,
    },
  },
  xFrameOptions: { action: 'deny' },
  crossOriginResourcePolicy: { policy: 'same-origin' },
  crossOriginOpenerPolicy: { policy: 'same-origin' },
  // As for the API, see src/http/securityHeaders.ts.
  strictTransportSecurity: false,
  originAgentCluster: false,
  xDnsPrefetchControl: false,
  xDownloadOptions: false,
  xPermittedCrossDomainPolicies: false,
  xXssProtection: false,
});
