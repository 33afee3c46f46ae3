/** A file: named, chosen, or dropped. What is dropped is handed to the server, whose digest then stands in the graph. */

import { Upload } from "lucide-react";
import { useRef, useState } from "react";

import { uploadFile } from "../../api/uploads.ts";
import { useSay } from "../../state/preferences.ts";
import { toast } from "../../state/views.ts";
import { shared, type WidgetProps } from "./props.ts";

export function FileBox(props: WidgetProps) {
  const say = useSay();
  const chooser = useRef<HTMLInputElement>(null);
  const [isOver, setOver] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const text = typeof props.value === "string" ? props.value : "";
  const take = async (file: File | undefined) => {
    if (file === undefined) return;
    setBusy(true);
    const sent = await uploadFile(file);
    setBusy(false);
    if (sent.isOk) props.set(sent.value);
    else toast(sent.said);
  };
  return (
    <span
      className={`file${isOver ? " is-over" : ""}`}
      onDragOver={(event) => {
        event.preventDefault();
        event.stopPropagation();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        event.stopPropagation();
        setOver(false);
        void take(event.dataTransfer.files[0]);
      }}
    >
      <input {...shared(props)} className="box nodrag" type="text" spellCheck={false} value={isBusy ? say("file.sending") : text} placeholder={say("file.drop")} onChange={(event) => props.set(event.target.value)} />
      <button type="button" className="small nodrag" tabIndex={props.tabIndex} aria-label={`${props.label}: ${say("file.choose")}`} title={say("file.choose")} onClick={() => chooser.current?.click()}>
        <Upload size={14} aria-hidden="true" />
      </button>
      <input ref={chooser} type="file" hidden tabIndex={-1} aria-label={`${props.label}: ${say("file.choose")}`} onChange={(event) => void take(event.target.files?.[0])} />
    </span>
  );
}
