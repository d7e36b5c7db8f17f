/** Chooses the cause of the verdict, and asks the platform that responded for the fix. No I/O. */
import type { Finding, Fix } from 'sam-template';
import { failureOf, type Cause, type Failure } from '../causes/cause';
import { originValue } from '../causes/originValue';
import { policyCause } from '../causes/policy';
import { explainObjection, objectionTo } from '../causes/readable';
import { redirectCause, redirectOf } from '../causes/redirect';
import { sentTwice } from '../causes/sentTwice';
import { statusCause } from '../causes/status';
import { responseHeadersInRequest, webPageCause } from '../causes/webPage';
import type { Evidence } from '../evidence';
import { finding } from '../finding';
import { explainNetworkFailure } from '../networkFailure';
import { anyServer, developmentProxy } from './anyServer';
import { detectedPlatforms, type Detected } from './detect';
import { explainImpossibleRequest } from './impossibleRequests';

export interface Explanation {
  /** Names of the platforms. */
  platforms: readonly string[];
  /** The cause of the verdict comes first. */
  findings: readonly Finding[];
}

export function explain(evidence: Evidence): Explanation {
  const detected = detectedPlatforms(evidence);
  const explained = detected.map(({ platform }) => platform.explain?.(evidence) ?? []);
  const others = explained.flat().filter(({ severity }) => severity !== 'error');
  const platforms = detected.map(({ platform, certain }) =>
    certain ? platform.name : `likely ${platform.name}`,
  );
  const first =
    evidence.diagnosis.verdict === 'allowed'
      ? objections(evidence, explained.flat())
      : mainFindings(evidence, detected, explained);
  return { platforms, findings: [...first, ...others, ...responseHeadersInRequest(evidence.call)] };
}

/** Explains an error that the web page can read. A platform does it better than the number of the status. */
function objections(evidence: Evidence, explained: readonly Finding[]): Finding[] {
  if (objectionTo(evidence) === undefined) return [];
  const errors = explained.filter(({ severity }) => severity === 'error');
  const hasWarning = explained.some(({ severity }) => severity === 'warning');
  if (errors.length > 0) return errors.map((found) => ({ ...found, severity: 'warning' }));
  return hasWarning ? [] : explainObjection(evidence);
}

/** The findings that explain a missing response or a blocked one. */
function mainFindings(
  evidence: Evidence,
  detected: readonly Detected[],
  explained: readonly (readonly Finding[])[],
): readonly Finding[] {
  const { diagnosis } = evidence;
  if (diagnosis.verdict === 'unknown') return explainNetworkFailure(diagnosis);
  const impossible = explainImpossibleRequest(diagnosis);
  if (impossible !== undefined) return [impossible];
  const failure = failureOf(evidence);
  if (failure === undefined) return [];
  const known = knownCause(failure, evidence, detected);
  if (known !== undefined) return [causeFinding(known, evidence, detected)];
  const specific = explained
    .map((findings) => findings.filter(({ severity }) => severity === 'error'))
    .find((findings) => findings.length > 0);
  if (specific !== undefined) return specific;
  const proxy = detected.at(0)?.platform.sender;
  const cause = statusCause(failure, evidence, proxy) ?? policyCause(failure, evidence);
  const alternative = detected.some(({ certain }) => certain) ? [] : developmentProxy(evidence);
  return [causeFinding(cause, evidence, detected), ...alternative];
}

/** Causes that the response itself shows, on any platform. */
function knownCause(failure: Failure, evidence: Evidence, detected: readonly Detected[]): Cause | undefined {
  const senders = detected.flatMap(({ platform }) => platform.sender ?? []);
  const sentOrigin = evidence.diagnosis.exchanges
    .at(-1)
    ?.sent.headers.find(([name]) => name.toLowerCase() === 'origin')?.[1];
  return (
    webPageCause(failure, evidence.call) ??
    sentTwice(failure, [...new Set(senders)]) ??
    redirectCause(failure, evidence) ??
    originValue(failure, evidence.call, sentOrigin ?? evidence.call.origin)
  );
}

function causeFinding(
  { ruleId, message, fix }: Cause,
  evidence: Evidence,
  detected: readonly Detected[],
): Finding {
  const { description, lines } = typeof fix === 'string' ? platformFix(fix, evidence, detected) : fix;
  const slash = ruleId === 'redirect' ? slashHint(evidence, detected) : '';
  return finding(ruleId, 'error', message, `${description}${slash}`, lines);
}

/** Proxies come last in the list, but they can remove the headers of the application behind them. */
function platformFix(kind: 'allow' | 'deduplicate', evidence: Evidence, detected: readonly Detected[]): Fix {
  const able = detected.filter(({ platform }) => platform[kind] !== undefined);
  const { platform, certain } = (kind === 'allow' ? able.at(0) : able.at(-1)) ?? {
    platform: anyServer,
    certain: true,
  };
  const fix = platform[kind]?.(evidence) ?? anyServer[kind](evidence);
  return certain ? fix : { ...fix, description: `If this is ${platform.name}: ${fix.description}` };
}

function slashHint(evidence: Evidence, detected: readonly Detected[]): string {
  const redirect = redirectOf(evidence);
  const isSlash = redirect?.target?.href.replace(/\/$/, '') === redirect?.from.href.replace(/\/$/, '');
  const hint = detected.find(({ platform }) => platform.slash !== undefined)?.platform.slash;
  return isSlash && hint !== undefined ? ` ${hint}` : '';
}
