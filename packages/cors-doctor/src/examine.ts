/** Examines one URL: sends the request as a browser does, sends the probes, and collects the findings. */
import type { Diagnosis, PageCall, Transport } from './diagnosis';
import { evidenceOf } from './evidence';
import type { Finding } from 'sam-template';
import { localNetwork } from './localNetwork';
import { explain } from './platforms/explain';
import { probeFindings } from './probeFindings';
import { probe, probesOf, type Probed, type ProbeOptions } from './probes';
import { diagnose } from './verdict/diagnose';

export interface Examination {
  call: PageCall;
  diagnosis: Diagnosis;
  probed: readonly Probed[];
  platforms: readonly string[];
  /** Those that the browser refuses for come first. */
  findings: readonly Finding[];
}

/** Makes the call and, where anything responses at all, the probes. */
export async function examine(
  call: PageCall,
  transport: Transport,
  options: ProbeOptions,
): Promise<Examination> {
  const diagnosis = await diagnose(call, transport);
  const responses = diagnosis.exchanges.some(({ received }) => received.kind === 'response');
  const probed = responses ? await probe(probesOf(call, options, diagnosis), transport) : [];
  const { platforms, findings } = explain(evidenceOf(call, diagnosis, probed));
  return {
    call,
    diagnosis,
    probed,
    platforms,
    findings: [...findings, ...localNetwork(call), ...probeFindings(call, diagnosis, probed)],
  };
}
