/** A dialog over the page: the browser keeps the keyboard in it, and Escape closes it. */

import { X } from "lucide-react";
import { type ReactNode, useEffect, useId, useRef } from "react";

import { useSay } from "../state/preferences.ts";

interface DialogBoxProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** Wider, for what is looked through. */
  readonly isWide?: boolean;
  readonly testId?: string;
}

export function DialogBox({ title, onClose, children, isWide = false, testId }: DialogBoxProps) {
  const say = useSay();
  const box = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const before = document.activeElement;
    box.current?.showModal();
    // Where something is to be typed, the keyboard begins there and not on the button that closes.
    box.current?.querySelector("input")?.focus();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, []);
  return (
    <dialog
      ref={box}
      className={`dialog${isWide ? " is-wide" : ""}`}
      aria-labelledby={id}
      data-testid={testId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onKeyDown={(event) => event.stopPropagation()}
    >
      <header className="dialog-head">
        <h2 id={id}>{title}</h2>
        <button type="button" className="tool" aria-label={say("dialog.close")} title={say("dialog.close")} onClick={onClose}>
          <X size={16} aria-hidden="true" />
        </button>
      </header>
      {children}
    </dialog>
  );
}
