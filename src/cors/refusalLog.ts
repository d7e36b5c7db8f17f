/** What the browser hides from the page: which request it will refuse, and which setting admits it. */
import type { Request } from 'express';
import type { Logger } from 'pino';
import type { Verdict } from './verdict';

/** Characters of what a client can make as long as it likes. */
const LONGEST = 200;

/** Makes what logs a verdict that a browser turns into a CORS error. */
export function logCorsRefusals(logger: Logger): (verdict: Verdict, request: Request) => void {
  return (verdict, { id }) => {
    if (!('mend' in verdict)) return;
    const { name, preflight } = verdict;
    logger.warn({ requestId: id, verdict: name, preflight }, sentence(verdict));
  };
}

function sentence(verdict: Extract<Verdict, { mend: string }>): string {
  return `CORS: ${subject(verdict).slice(0, LONGEST)} is not allowed. ${verdict.mend}.`;
}

function subject(verdict: Extract<Verdict, { mend: string }>): string {
  switch (verdict.name) {
    case 'OriginNotAllowed':
      return `origin ${verdict.origin}`;
    case 'MethodNotAllowed':
      return `method ${verdict.method}`;
    case 'HeadersNotAllowed':
      return `request header ${verdict.headers.join(', ')}`;
  }
}
