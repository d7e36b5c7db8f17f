/** A button that copies a text, and says so. */
import { useState } from 'preact/hooks';

interface Props {
  text: () => string;
  label?: string;
}

const LABELS = { idle: '', copied: 'Copied', failed: 'Not copied' };

export function CopyButton({ text, label = 'Copy' }: Props) {
  const [state, setState] = useState<keyof typeof LABELS>('idle');
  const copy = () => {
    navigator.clipboard.writeText(text()).then(
      () => setState('copied'),
      () => setState('failed'),
    );
  };
  return (
    <button type="button" onClick={copy} onBlur={() => setState('idle')}>
      <span aria-live="polite">{state === 'idle' ? label : LABELS[state]}</span>
    </button>
  );
}
