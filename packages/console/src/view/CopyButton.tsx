/** A button that copies a text, and says so. */
import { useState } from 'preact/hooks';

interface Props {
  text: () => string;
  label?: string;
}

const LABELS = { idle: '', copied: 'Copied', failed: 'Not copied' };

export function CopyButton({ text, label = 'Copy' }: Props) {
  const [state, setState] = useState<keyof typeof LABELS>('idle');
  const copy = async () => {
    try {
      // Absent on pages that are neither on localhost nor on HTTPS.
      await navigator.clipboard.writeText(text());
      setState('copied');
    } catch {
      setState('failed');
    }
  };
  return (
    <button type="button" onClick={() => void copy()} onBlur={() => setState('idle')}>
      <span aria-live="polite">{state === 'idle' ? label : LABELS[state]}</span>
    </button>
  );
}
