/** What every kind of authentication does. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Principal } from '../http/principal';

/** Returns the client of a request, or throws an HttpProblem with status 401, 403 or 503. */
export type Verify = (headers: IncomingHttpHeaders) => Principal | Promise<Principal>;
