/** Examines one URL: sends the request as a browser does, sends the probes, and collects the findings. */
import type { Finding } from 'sam-template';
import { browserDifferences } from './browserDifferences';
import { redirectOf } from './causes/redirect';
import type { Diagnosis, PageCall, Transport } from './diagnosis';
import { evidenceOf } from './evidence';
import { localNetwork } from './localNetwork';
import { explain } from './platforms/explain';
import { probeFindings } from './probeFindings';
import { probe, probesOf, type ProbeExchange, type ProbeOptions } from './probes';
import { diagnose } from './verdict/diagnose';

export interface Examination {
  call: PageCall;
  diagnosis: Diagnosis;
  probed: readonly ProbeExchange[];
  /** The request to the URL that a redirect leads to, if the browser does not follow the redirect. */
  redirected?: Diagnosis;
  platforms: readonly string[];
  /** Whether the exchanges come from a recording, so that nothing was sent. */
  isRecorded?: true;
  /** The cause of the verdict and its fix come first. */
  findings: readonly Finding[];
}

/** Sends the request and, if the server responds, the probes. */
export async function examine(
  call: PageCall,
  transport: Transport,
  options: ProbeOptions,
): Promise<Examination> {
  const diagnosis = await diagnose(call, transport);
  const hasResponse = diagnosis.exchanges.some(({ received }) => received.kind === 'response');
  const probed = hasResponse ? await probe(probesOf(call, options, diagnosis), transport) : [];
  const examination = conclude(call, diagnosis, probed);
  const direct = directCall(examination);
  if (direct === undefined) return examination;
  return withRedirected(examination, direct, await diagnose(direct, transport));
}

/** Explains a diagnosis. No I/O. */
export function conclude(
  call: PageCall,
  diagnosis: Diagnosis,
  probed: readonly ProbeExchange[] = [],
): Examination {
  const { platforms, findings } = explain(evidenceOf(call, diagnosis, probed));
  // As long as the request is blocked, what the probes find only distracts from the fix.
  const found = diagnosis.verdict === 'blocked' ? [] : probeFindings(call, diagnosis, probed);
  const others = [...localNetwork(call), ...browserDifferences(call, diagnosis), ...found];
  return { call, diagnosis, probed, platforms, findings: [...findings, ...others].sort(bySeverity) };
}

/** The request that the fix of a redirect suggests, if it leads to the same host. */
function directCall({ call, diagnosis, findings }: Examination): PageCall | undefined {
  if (findings[0]?.ruleId !== 'redirect') return undefined;
  const redirect = redirectOf(evidenceOf(call, diagnosis));
  const target = redirect?.target;
  return target === undefined || target.hostname !== redirect?.from.hostname
    ? undefined
    : { ...call, url: target.href };
}

/** Adds what else blocks the request after the fix of the redirect. */
function withRedirected(examination: Examination, direct: PageCall, redirected: Diagnosis): Examination {
  const { findings } = conclude(direct, redirected);
  const more = findings
    .filter(({ severity }) => severity === 'error')
    .map((found) => ({ ...found, message: `At ${direct.url}: ${found.message}` }));
  const [first, ...others] = examination.findings;
  return {
    ...examination,
    redirected,
    findings: [...(first === undefined ? [] : [first]), ...more, ...others],
  };
}

const SEVERITIES = ['error', 'warning', 'note'] as const;

function bySeverity(left: Finding, right: Finding): number {
  return SEVERITIES.indexOf(left.severity) - SEVERITIES.indexOf(right.severity);
}
