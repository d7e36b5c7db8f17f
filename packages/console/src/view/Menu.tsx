/** A button that opens a panel below it. Escape and a click elsewhere close it. */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

interface Props {
  label: ComponentChildren;
  /** The name of the panel. */
  title: string;
  isWide?: boolean;
  children: ComponentChildren;
}

export function Menu({ label, title, isWide = false, children }: Props) {
  const [isOpen, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!isOpen) return undefined;
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      event.preventDefault();
      setOpen(false);
      button.current?.focus();
    };
    const onPointer = ({ target }: PointerEvent) => {
      if (target instanceof Node && root.current?.contains(target) !== true) setOpen(false);
    };
    addEventListener('keydown', onKey, true);
    addEventListener('pointerdown', onPointer);
    return () => {
      removeEventListener('keydown', onKey, true);
      removeEventListener('pointerdown', onPointer);
    };
  }, [isOpen]);
  return (
    <div class="menu" ref={root}>
      <button type="button" ref={button} aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        {label} <span aria-hidden="true">▾</span>
      </button>
      {isOpen && (
        <div class={isWide ? 'panel wide' : 'panel'} role="group" aria-label={title}>
          {children}
        </div>
      )}
    </div>
  );
}
