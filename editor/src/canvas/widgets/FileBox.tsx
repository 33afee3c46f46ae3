/** A file: named, chosen, dropped, pasted, recorded or painted. The server keeps it, and its digest stands in the graph. */

import { Upload } from "lucide-react";
import { type ClipboardEvent, type DragEvent, useRef, useState } from "react";

import { uploadFile } from "../../api/uploads.ts";
import { contentOf } from "../../api/runs.ts";
import { ACCEPTED, digestIn } from "../../core/media.ts";
import { useArtefact } from "../../state/artefacts.ts";
import { useSay } from "../../state/preferences.ts";
import { toast } from "../../state/views.ts";
import { PaintButton } from "./PaintButton.tsx";
import { Recorder } from "./Recorder.tsx";
import { shared, type WidgetProps } from "./props.ts";

interface FileProps extends WidgetProps {
  readonly node: string;
}

export function FileBox(props: FileProps) {
  const [isOver, setOver] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const take = async (file: File | undefined) => {
    if (file === undefined) return;
    setBusy(true);
    const sent = await uploadFile(file);
    setBusy(false);
    if (sent.isOk) props.set(sent.value);
    else toast(sent.said);
  };
  const drops = {
    onDragOver: (event: DragEvent) => {
      event.preventDefault();
      event.stopPropagation();
      setOver(true);
    },
    onDragLeave: () => setOver(false),
    onDrop: (event: DragEvent) => {
      event.preventDefault();
      event.stopPropagation();
      setOver(false);
      void take(event.dataTransfer.files[0]);
    },
    onPaste: (event: ClipboardEvent) => {
      const [file] = event.clipboardData.files;
      if (file === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      void take(file);
    },
  };
  const isSmall = props.place === "node";
  return (
    <span className={`${isSmall ? "file" : "file is-large"}${isOver ? " is-over" : ""}`} {...drops}>
      {!isSmall && <Shown value={props.value} media={props.media} />}
      <span className="file-line">
        <NameBox props={props} isBusy={isBusy} />
        <Chooser props={props} onFile={(file) => void take(file)} />
        {!isSmall && props.media === "audio" && <Recorder label={props.label} onFile={(file) => void take(file)} />}
        {props.media === "mask" && <PaintButton props={props} node={props.node} />}
      </span>
    </span>
  );
}

/** The file's path or, for one that the server keeps, its name. */
function NameBox({ props, isBusy }: { readonly props: FileProps; readonly isBusy: boolean }) {
  const say = useSay();
  const [typed, setTyped] = useState<string | null>(null);
  const text = typeof props.value === "string" ? props.value : "";
  const artefact = useArtefact(digestIn(text));
  return (
    <input
      {...shared(props)}
      className="box nodrag"
      type="text"
      spellCheck={false}
      value={isBusy ? say("file.sending") : (typed ?? artefact?.name ?? text)}
      title={text}
      placeholder={say(props.place === "node" ? "file.drop" : "file.dropOrPaste")}
      onBlur={() => setTyped(null)}
      onChange={(event) => {
        setTyped(event.target.value);
        props.set(event.target.value);
      }}
    />
  );
}

function Chooser({ props, onFile }: { readonly props: FileProps; readonly onFile: (file: File | undefined) => void }) {
  const say = useSay();
  const chooser = useRef<HTMLInputElement>(null);
  const name = `${props.label}: ${say("file.choose")}`;
  return (
    <>
      <button type="button" className="small nodrag" tabIndex={props.tabIndex} aria-label={name} title={say("file.choose")} onClick={() => chooser.current?.click()}>
        <Upload size={14} aria-hidden="true" />
      </button>
      <input
        ref={chooser}
        type="file"
        hidden
        tabIndex={-1}
        aria-label={name}
        data-testid={`chooser:${props.id}`}
        accept={props.media === null ? undefined : ACCEPTED[props.media]}
        onChange={(event) => {
          onFile(event.target.files?.[0]);
          event.target.value = "";
        }}
      />
    </>
  );
}

/** The file itself, where it can be seen or heard. */
function Shown({ value, media }: { readonly value: WidgetProps["value"]; readonly media: WidgetProps["media"] }) {
  const say = useSay();
  const digest = digestIn(value);
  const [broken, setBroken] = useState("");
  if (digest === undefined || broken === digest) return null;
  if (media === "audio") return <audio className="file-sound" controls preload="metadata" src={contentOf(digest)} />;
  if (media !== "image" && media !== "mask") return null;
  return <img className="file-picture" src={contentOf(digest)} alt={say("file.picture")} draggable={false} onError={() => setBroken(digest)} />;
}
