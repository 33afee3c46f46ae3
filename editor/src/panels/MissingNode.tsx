/** What can be done about a node whose type is not there. */

import { Replace } from "lucide-react";

import { useSay } from "../state/preferences.ts";
import { stageNow } from "../state/stage.ts";
import { views } from "../state/views.ts";

export function MissingNode({ name, type }: { readonly name: string; readonly type: string }) {
  const say = useSay();
  const pack = type.split("/")[0] ?? type;
  const replace = () => {
    const canvas = stageNow()?.center() ?? { x: 0, y: 0 };
    const screen = stageNow()?.toScreen(canvas) ?? { x: 0, y: 0 };
    views.setState({ search: { screen, canvas, need: null, linking: null, replaces: name } });
  };
  return (
    <section className="missing-node">
      <p>{say("missing.words", { type })}</p>
      <p className="help">{say("missing.install", { pack })}</p>
      <button type="button" className="plain" onClick={replace}>
        <Replace size={14} aria-hidden="true" />
        {say("missing.replace")}
      </button>
    </section>
  );
}
