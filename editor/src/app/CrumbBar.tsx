/** Where one is within the graph of the tab: the way from it, each step a press away; what is edited there, and how it is kept. */

import { ChevronRight, CornerLeftUp, Save } from "lucide-react";

import { prefixOf, usesIn } from "../core/levels.ts";
import { runCommand, shortcutOf } from "../state/commands.ts";
import { useDocuments } from "../state/documents.ts";
import { goToDepth, goToItem } from "../state/levels.ts";
import { useSay } from "../state/preferences.ts";
import { useLoop } from "../state/running.ts";
import { activeIn, isChanged, type Level, rootIn, useTabs } from "../state/tabs.ts";
import { SavedState } from "./SavedState.tsx";

export function CrumbBar() {
  const say = useSay();
  const trail = useTabs((state) => rootIn(state).trail);
  const title = useTabs((state) => rootIn(state).history.now.graph.title);
  const last = trail.at(-1);
  if (last === undefined) return null;
  const up = `${say("command.goUp")} (${shortcutOf("goUp")})`;
  return (
    <section className="crumb-bar" aria-label={say("level.bar")} data-testid="crumbs">
      <button type="button" className="tool" aria-label={say("command.goUp")} title={up} data-testid="go-up" onClick={() => runCommand("goUp")}>
        <CornerLeftUp size={16} aria-hidden="true" />
      </button>
      <nav aria-label={say("level.way")}>
        <ol className="crumbs">
          <li>
            <button type="button" className="crumb" onClick={() => goToDepth(0)}>
              {title === "" ? say("graph.untitled") : title}
            </button>
          </li>
          {trail.map((level, at) => (
            <Crumb key={at} level={level} trail={trail} at={at} isLast={at === trail.length - 1} />
          ))}
        </ol>
      </nav>
      <What level={last} />
    </section>
  );
}

function Crumb({ level, trail, at, isLast }: { readonly level: Level; readonly trail: readonly Level[]; readonly at: number; readonly isLast: boolean }) {
  return (
    <li aria-current={isLast ? "location" : undefined}>
      <ChevronRight size={14} aria-hidden="true" />
      {isLast ? (
        <strong className="crumb">{level.node}</strong>
      ) : (
        <button type="button" className="crumb" onClick={() => goToDepth(at + 1)}>
          {level.node}
        </button>
      )}
      {level.item !== null && <Item node={level.node} item={level.item} loop={prefixOf(trail.slice(0, at)) + level.node} at={at} />}
    </li>
  );
}

/** Which item of a loop is looked at; nothing where no run told of any. */
function Item({ node, item, loop, at }: { readonly node: string; readonly item: number; readonly loop: string; readonly at: number }) {
  const say = useSay();
  const count = useLoop(loop);
  if (count === 0) return null;
  return (
    <span className="crumb-item">
      <input
        className="box"
        type="number"
        min={1}
        max={count}
        aria-label={say("level.item", { name: node })}
        value={item + 1}
        data-testid="crumb-item"
        onChange={(event) => {
          const chosen = event.target.valueAsNumber;
          if (chosen >= 1 && chosen <= count) goToItem(at, Math.floor(chosen) - 1);
        }}
      />
      {say("level.of", { count })}
    </span>
  );
}

/** What is edited here: which saved graph, and how many nodes of the tab's graph stand for it. */
function What({ level }: { readonly level: Level }) {
  const say = useSay();
  const saved = useTabs((state) => activeIn(state).saved);
  const isPast = useTabs((state) => activeIn(state).past !== null);
  const root = useTabs((state) => rootIn(state).history.now.graph);
  const known = useDocuments((state) => state.saved);
  const hasChanges = useDocuments(isChanged);
  if (saved === null) return <p className="crumb-what" data-testid="crumb-what">{say(isPast ? "level.past" : "level.template", { name: level.name })}</p>;
  const { name, version } = saved;
  return (
    <>
      <p className="crumb-what" data-testid="crumb-what">
        {say("level.saved", { name, version, uses: usesIn(root, known).get(name) ?? 0 })}
      </p>
      <span className="spring" />
      {hasChanges && <p className="crumb-note">{say("level.unsaved", { version })}</p>}
      <SavedState />
      {hasChanges && (
        <button type="button" className="quiet" title={`${say("command.save")} (${shortcutOf("save")})`} data-testid="crumb-save" onClick={() => runCommand("save")}>
          <Save size={14} aria-hidden="true" />
          {say("command.save")}
        </button>
      )}
    </>
  );
}
