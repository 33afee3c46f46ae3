/** A mask painted on its picture: brush and eraser, undo, invert. It is kept as a PNG of the picture's size. */

import { Brush, Contrast, Eraser, Redo2, Trash2, Undo2 } from "lucide-react";
import { type ReactNode, useEffect, useRef, useState } from "react";

import { uploadFile } from "../api/uploads.ts";
import { type MaskStep, type MaskSteps, NO_STEPS, redone, stepped, undone } from "../core/maskSteps.ts";
import { type Masking, masking } from "../state/masking.ts";
import { useSay } from "../state/preferences.ts";
import { toast } from "../state/views.ts";
import { MaskSurface, type Tool } from "./MaskSurface.tsx";
import { pngOf } from "./painting.ts";
import { type Found, usePicture } from "./usePicture.ts";

const LEAST = 1;
const MOST = 400;
const FIRST = 40;

export default function MaskEditor({ now }: { readonly now: Masking }) {
  const say = useSay();
  const dialog = useRef<HTMLDialogElement>(null);
  const surface = useRef<HTMLCanvasElement>(null);
  const [steps, setSteps] = useState<MaskSteps>(NO_STEPS);
  const [tool, setTool] = useState<Tool>({ width: FIRST, isErasing: false });
  const [isBusy, setBusy] = useState(false);
  const found = usePicture(now);
  const { picture } = found;
  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  const step = (one: MaskStep) => setSteps((before) => stepped(before, one));
  const close = () => masking.setState({ now: null });
  const save = async () => {
    if (surface.current === null) return;
    setBusy(true);
    const sent = await uploadFile(await pngOf(surface.current), "mask");
    setBusy(false);
    if (!sent.isOk) {
      toast(sent.said);
      return;
    }
    now.save(sent.value);
    close();
  };
  const keys: Readonly<Record<string, () => void>> = {
    "Mod+Z": () => setSteps(undone),
    "Mod+Shift+Z": () => setSteps(redone),
    "[": () => setTool({ ...tool, width: Math.max(LEAST, Math.round(tool.width / 1.25)) }),
    "]": () => setTool({ ...tool, width: Math.min(MOST, Math.ceil(tool.width * 1.25)) }),
    X: () => setTool({ ...tool, isErasing: !tool.isErasing }),
    I: () => step({ kind: "invert" }),
  };
  return (
    <dialog
      ref={dialog}
      className="mask-dialog"
      aria-label={say("mask.title")}
      data-testid="mask"
      onCancel={close}
      onKeyDown={(event) => {
        const pressed = [event.ctrlKey || event.metaKey ? "Mod" : "", event.shiftKey ? "Shift" : "", event.key.length === 1 ? event.key.toUpperCase() : event.key];
        const meant = keys[pressed.filter(Boolean).join("+")];
        event.stopPropagation();
        if (meant === undefined) return;
        event.preventDefault();
        meant();
      }}
    >
      <h2>{say("mask.title")}</h2>
      <Tools steps={steps} tool={tool} onTool={setTool} onSteps={setSteps} />
      {picture === null ? (
        <NoPicture found={found} />
      ) : (
        <MaskSurface ref={surface} picture={picture} before={now.before} steps={steps} tool={tool} onStep={step} />
      )}
      <footer className="mask-foot">
        <p className="help">{say("mask.help")}</p>
        <button type="button" className="pill" onClick={close}>
          {say("mask.cancel")}
        </button>
        <button type="button" className="primary" disabled={picture === null || isBusy} data-testid="mask-save" onClick={() => void save()}>
          {say("mask.save")}
        </button>
      </footer>
    </dialog>
  );
}

function NoPicture({ found: { isWaiting, run, give } }: { readonly found: Found }) {
  const say = useSay();
  return (
    <div className="mask-none">
      <p>{say(isWaiting ? "mask.waiting" : run === null ? "mask.noPicture" : "mask.notYet")}</p>
      {run !== null && !isWaiting && (
        <button type="button" className="primary" onClick={run}>
          {say("mask.run")}
        </button>
      )}
      <label className="pill">
        {say("mask.choose")}
        <input type="file" className="unseen" accept="image/png,image/jpeg,image/webp" onChange={(event) => give(event.target.files?.[0])} />
      </label>
    </div>
  );
}

interface ToolsProps {
  readonly steps: MaskSteps;
  readonly tool: Tool;
  readonly onTool: (tool: Tool) => void;
  readonly onSteps: (steps: MaskSteps) => void;
}

function Tools({ steps, tool, onTool, onSteps }: ToolsProps) {
  const say = useSay();
  return (
    <div className="mask-tools" role="toolbar" aria-label={say("mask.tools")}>
      <Pressed title={say("mask.brush")} isOn={!tool.isErasing} mark="brush" onPress={() => onTool({ ...tool, isErasing: false })} icon={<Brush size={16} aria-hidden="true" />} />
      <Pressed title={say("mask.erase")} isOn={tool.isErasing} mark="erase" onPress={() => onTool({ ...tool, isErasing: true })} icon={<Eraser size={16} aria-hidden="true" />} />
      <label className="mask-size">
        {say("mask.size")}
        <input className="range" type="range" min={LEAST} max={MOST} value={tool.width} data-testid="mask-size" onChange={(event) => onTool({ ...tool, width: event.target.valueAsNumber })} />
        <output>{say("mask.pixels", { width: tool.width })}</output>
      </label>
      <Act title={say("command.undo")} mark="undo" isOff={steps.done.length === 0} onPress={() => onSteps(undone(steps))} icon={<Undo2 size={16} aria-hidden="true" />} />
      <Act title={say("command.redo")} mark="redo" isOff={steps.undone.length === 0} onPress={() => onSteps(redone(steps))} icon={<Redo2 size={16} aria-hidden="true" />} />
      <Act title={say("mask.invert")} mark="invert" onPress={() => onSteps(stepped(steps, { kind: "invert" }))} icon={<Contrast size={16} aria-hidden="true" />} />
      <Act title={say("mask.clear")} mark="clear" onPress={() => onSteps(stepped(steps, { kind: "clear" }))} icon={<Trash2 size={16} aria-hidden="true" />} />
    </div>
  );
}

interface ActProps {
  readonly title: string;
  readonly mark: string;
  readonly icon: ReactNode;
  readonly isOff?: boolean;
  readonly onPress: () => void;
}

function Act({ title, mark, icon, isOff = false, onPress }: ActProps) {
  return (
    <button type="button" className="tool" aria-label={title} title={title} disabled={isOff} data-testid={`mask-${mark}`} onClick={onPress}>
      {icon}
    </button>
  );
}

function Pressed({ title, mark, icon, isOn, onPress }: ActProps & { readonly isOn: boolean }) {
  return (
    <button type="button" className="tool" aria-label={title} aria-pressed={isOn} title={title} data-testid={`mask-${mark}`} onClick={onPress}>
      {icon}
    </button>
  );
}
