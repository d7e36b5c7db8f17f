/** Examines one URL: sends the request as a browser does, sends the probes, and collects the findings. */
import { browserDifferences } from './browserDifferences';
import type { Diagnosis, PageCall, Transport } from './diagnosis';
import { evidenceOf } from './evidence';
import type { Finding } from 'sam-template';
import { localNetwork } from './localNetwork';
import { explain } from './platforms/explain';
import { probeFindings } from './probeFindings';
import { probe, probesOf, type ProbeExchange, type ProbeOptions } from './probes';
import { diagnose } from './verdict/diagnose';

export interface Examination {
  call: PageCall;
  diagnosis: Diagnosis;
  probed: readonly ProbeExchange[];
  platforms: readonly string[];
  /** The errors for which the browser blocks the request come first. */
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
  const { platforms, findings } = explain(evidenceOf(call, diagnosis, probed));
  return {
    call,
    diagnosis,
    probed,
    platforms,
    findings: [
      ...findings,
      ...localNetwork(call),
      ...browserDifferences(call, diagnosis),
      ...probeFindings(call, diagnosis, probed),
    ],
  };
}
