/** CloudFront in front of another server. */
import { failsAtPreflight, lacksOrigin } from '../evidence';
import { finding } from '../finding';
import { headerOf } from '../headers';
import type { Platform } from './platform';

/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/header-caching.html#header-caching-web-cors */
export const cloudFront: Platform = {
  name: 'CloudFront',
  detect: (response) =>
    /cloudfront/i.test(`${headerOf(response, 'via') ?? ''} ${headerOf(response, 'x-cache') ?? ''}`)
      ? 'certain'
      : undefined,
  sender: 'CloudFront',
  deduplicate: () => ({
    description:
      'Set OriginOverride in the CorsConfig of the response headers policy, so that CloudFront replaces the headers of the server behind it.',
    lines: ['CorsConfig:', '  OriginOverride: true'],
  }),
  explain(evidence) {
    const { preflight } = evidence;
    if (failsAtPreflight(evidence) && preflight?.status === 403) {
      return [
        finding(
          'cloudfront-methods',
          'error',
          'Likely: the cache behavior does not allow the method OPTIONS, so CloudFront itself returns 403.',
          'Add these lines to the cache behavior of this path.',
          ['AllowedMethods: [GET, HEAD, OPTIONS, PUT, PATCH, POST, DELETE]', ...FORWARD],
        ),
      ];
    }
    if (!failsAtPreflight(evidence) && !lacksOrigin(evidence)) return [];
    return [
      finding(
        'cloudfront-origin-header',
        'error',
        `Likely: CloudFront does not forward the Origin header, so the server behind it does not see a CORS request${/hit/i.test(headerOf(evidence.request ?? preflight ?? { headers: [] }, 'x-cache') ?? '') ? '. This response came from the cache' : ''}.`,
        'Add this line to the cache behavior of this path. If responses depend on the origin, also add Origin to the cache key in the cache policy.',
        FORWARD,
      ),
    ];
  },
};

/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-origin-request-policies.html */
const FORWARD = ['OriginRequestPolicyId: 59781a5b-3903-41f3-afcb-af62929ccde1 # Managed-CORS-CustomOrigin'];
