/** A name that is being written: Enter takes it, Escape leaves it as it was. */

import { useEffect, useRef, useState } from "react";

export function InlineName({ value, label, onDone }: { readonly value: string; readonly label: string; readonly onDone: (text: string | null) => void }) {
  const [text, setText] = useState(value);
  const box = useRef<HTMLInputElement>(null);
  const isDone = useRef(false);
  useEffect(() => {
    box.current?.focus();
    box.current?.select();
  }, []);
  const finish = (result: string | null) => {
    if (isDone.current) return;
    isDone.current = true;
    onDone(result);
  };
  return (
    <input
      ref={box}
      className="box inline nodrag"
      aria-label={label}
      value={text}
      spellCheck={false}
      onChange={(event) => setText(event.target.value)}
      onBlur={() => finish(text.trim())}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === "Enter") finish(text.trim());
        if (event.key === "Escape") finish(null);
      }}
    />
  );
}
