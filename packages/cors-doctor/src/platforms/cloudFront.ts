/** CloudFront in front of something else. */
import { failsAtPreflight, lacksOrigin } from '../evidence';
import { finding } from '../finding';
import { headerOf } from '../headers';
import type { Platform } from './platform';

/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/header-caching.html#header-caching-web-cors */
export const cloudFront: Platform = {
  name: 'CloudFront',
  matches: (answer) =>
    /cloudfront/i.test(`${headerOf(answer, 'via') ?? ''} ${headerOf(answer, 'x-cache') ?? ''}`),
  explain(evidence) {
    const { preflight } = evidence;
    if (failsAtPreflight(evidence) && preflight?.status === 403) {
      return [
        finding(
          'cloudfront-methods',
          'error',
          'Likely: OPTIONS is not among the methods that the cache behavior allows, and CloudFront answers 403 by itself.',
          'Write these lines in the cache behavior of this path.',
          ['AllowedMethods: [GET, HEAD, OPTIONS, PUT, PATCH, POST, DELETE]', ...FORWARD],
        ),
      ];
    }
    if (!failsAtPreflight(evidence) && !lacksOrigin(evidence)) return [];
    return [
      finding(
        'cloudfront-origin-header',
        'error',
        `Likely: CloudFront does not forward the Origin header, so that what is behind it sees no CORS request${/hit/i.test(headerOf(evidence.request ?? preflight ?? { headers: [] }, 'x-cache') ?? '') ? '; this answer came out of its cache' : ''}.`,
        'Write this line in the cache behavior of this path; where an answer depends on the origin, the cache policy must have Origin in its key as well.',
        FORWARD,
      ),
    ];
  },
};

/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-origin-request-policies.html */
const FORWARD = ['OriginRequestPolicyId: 59781a5b-3903-41f3-afcb-af62929ccde1 # Managed-CORS-CustomOrigin'];
