/** Opens the mask of an input to be painted, on the picture that it is for. */

import { Brush } from "lucide-react";

import type { Wire } from "../../core/graph.ts";
import { loaderOf, pictureBelow, pictureBeside, withMask } from "../../core/masks.ts";
import { digestIn } from "../../core/media.ts";
import { draftNow, edit, typeOfNow, useDocuments } from "../../state/documents.ts";
import { masking } from "../../state/masking.ts";
import { useSay } from "../../state/preferences.ts";
import type { WidgetProps } from "./props.ts";

/** For the file of a node that loads a mask. */
export function PaintButton({ props, node }: { readonly props: WidgetProps; readonly node: string }) {
  const begin = () => masking.setState({ now: { picture: pictureBelow(draftNow().graph, typeOfNow, node) ?? null, before: digestIn(props.value), save: props.set } });
  return <Button label={props.label} id={props.id} tabIndex={props.tabIndex} onPress={begin} />;
}

/** For an input that takes a mask: what is painted goes into a node that loads it, which is added where there is none. */
export function PaintMask({ to, tabIndex, isWordy = false }: { readonly to: Wire; readonly tabIndex: 0 | -1; readonly isWordy?: boolean }) {
  const isOthers = useDocuments(({ history: { now } }) => now.graph.nodes.get(to.node)?.inputs.get(to.port)?.kind === "wire" && loaderOf(now.graph, to) === undefined);
  if (isOthers) return null;
  const begin = () => {
    const { graph } = draftNow();
    const loader = loaderOf(graph, to);
    const given = loader === undefined ? undefined : graph.nodes.get(loader)?.inputs.get("file");
    masking.setState({
      now: {
        picture: pictureBeside(graph, typeOfNow, to.node) ?? null,
        before: given?.kind === "value" ? digestIn(given.value) : undefined,
        save: (file) => edit("deed.mask", (draft) => withMask(draft, typeOfNow, to, file)),
      },
    });
  };
  return <Button label={`${to.node} ${to.port}`} id={`${to.node}.${to.port}`} tabIndex={tabIndex} isWordy={isWordy} onPress={begin} />;
}

interface ButtonProps {
  readonly label: string;
  readonly id: string;
  readonly tabIndex: number;
  readonly isWordy?: boolean;
  readonly onPress: () => void;
}

function Button({ label, id, tabIndex, isWordy = false, onPress }: ButtonProps) {
  const say = useSay();
  return (
    <button type="button" className={`${isWordy ? "pill" : "small"} nodrag`} tabIndex={tabIndex} aria-label={`${label}: ${say("mask.paint")}`} title={say("mask.paint")} data-testid={`${isWordy ? "detail-paint" : "paint"}:${id}`} onClick={onPress}>
      <Brush size={14} aria-hidden="true" />
      {isWordy && say("mask.paint")}
    </button>
  );
}
