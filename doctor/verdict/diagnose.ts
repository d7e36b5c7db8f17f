/** What a browser would do with a call, told by making its requests as the browser would. */
import type { Diagnosis, PageCall, Sent, Transport } from '../diagnosis';

/**
 * Makes the call's requests through the transport, and checks the answers as the Fetch standard does.
 *
 * @see https://fetch.spec.whatwg.org/#http-cors-protocol
 */
export async function diagnose(call: PageCall, transport: Transport): Promise<Diagnosis> {
  const { url, method, headers, body } = call;
  const sent: Sent = { purpose: 'request', url, method, headers, body };
  const received = await transport(sent);
  return { verdict: 'unknown', error: undefined, steps: [], exposed: [], exchanges: [{ sent, received }] };
}
