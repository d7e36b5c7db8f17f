/** Logs each request that the browser will block because of CORS, and the setting that would allow it. */
import { isBlocking, isOrigin, type BlockingDecision, type CorsDecision } from 'cors-policy';
import type { Request } from 'express';
import type { Logger } from 'pino';
import { CORS_VARIABLES } from '../config/corsSettings';

/** Limit for text that a client can make arbitrarily long. */
const MAX_LOGGED_CHARS = 200;

/** Returns a function that logs the decisions that surprise users. */
export function logDecisions(
  logger: Logger,
  methods: readonly string[],
): (decision: CorsDecision, request: Request) => void {
  return (decision, { id, method }) => {
    const { name, preflight } = decision;
    if (method === 'OPTIONS' && name === 'NotCors' && decision.allowOrigin === undefined) {
      logger.info({ requestId: id, decision: name, preflight }, WITHOUT_ORIGIN);
    }
    if (!isBlocking(decision)) return;
    const { subject, hint } = explain(decision, methods);
    const message = `CORS: ${subject.slice(0, MAX_LOGGED_CHARS)} is not allowed. ${hint}.`;
    logger.warn({ requestId: id, decision: name, preflight }, message);
  };
}

const WITHOUT_ORIGIN = `CORS: OPTIONS without Origin gets no Access-Control-Allow-Origin. Send an Origin that ${CORS_VARIABLES.origins} allows, as browsers do.`;

function explain(decision: BlockingDecision, methods: readonly string[]): { subject: string; hint: string } {
  switch (decision.name) {
    case 'OriginNotAllowed':
      return { subject: `origin ${decision.origin}`, hint: originHint(decision.origin) };
    case 'MethodNotAllowed':
      return { subject: `method ${decision.method}`, hint: `Send one of ${methods.join(', ')}` };
    case 'HeadersNotAllowed':
      return {
        subject: `request header ${decision.headers.join(', ')}`,
        hint: `Add it to ${CORS_VARIABLES.allowHeaders}`,
      };
  }
}

function originHint(origin: string): string {
  return isOrigin(origin)
    ? `Add it to ${CORS_VARIABLES.origins}`
    : `Only ${CORS_VARIABLES.origins}=* allows it`;
}
