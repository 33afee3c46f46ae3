/** What an empty canvas offers: a sentence, a template, or a first node. */

import { FileUp, Slash } from "lucide-react";
import { useEffect, useState } from "react";

import type { Template } from "../api/generated.ts";
import { fetchTemplate, fetchTemplates } from "../api/library.ts";
import { readDraft } from "../core/draft.ts";
import { setParameter } from "../core/edit/inputs.ts";
import { runCommand } from "../state/commands.ts";
import { useSay } from "../state/preferences.ts";
import { openDraft } from "../state/switching.ts";
import { FirstRun } from "../panels/FirstRun.tsx";
import { TemplateCard } from "../panels/TemplateCard.tsx";
import { stageNow } from "../state/stage.ts";
import { toast } from "../state/views.ts";

const STARTER = "text_to_scene";
const MOST_CARDS = 6;

/** The starter graph with a sentence in its prompt. */
async function describe(words: string): Promise<void> {
  const reply = await fetchTemplate(STARTER);
  if (!reply.isOk) {
    toast(reply.said);
    return;
  }
  const read = readDraft(reply.value);
  if (!read.isOk) return;
  const prompt = read.value.graph.parameters.get("prompt");
  await openDraft(prompt === undefined ? read.value : setParameter(read.value, "prompt", { ...prompt, default: words }));
}

export function useTemplates(): readonly Template[] {
  const [templates, setTemplates] = useState<readonly Template[]>([]);
  useEffect(() => {
    void fetchTemplates().then((reply) => {
      // The graph that a sentence starts comes first, what can be shown before what takes models.
      const rank = (one: Template) => (one.name === STARTER ? 0 : one.has_picture ? 1 : 2);
      if (reply.isOk) setTemplates(reply.value.toSorted((a, b) => rank(a) - rank(b)));
    });
  }, []);
  return templates;
}

export function EmptyState() {
  const say = useSay();
  const templates = useTemplates();
  const [words, setWords] = useState("");
  return (
    <div className="empty">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (words.trim() !== "") void describe(words.trim());
        }}
      >
        <h2>{say("empty.title")}</h2>
        <div className="ask">
          <input className="box" type="text" aria-label={say("empty.describe")} placeholder={say("empty.describe")} value={words} onChange={(event) => setWords(event.target.value)} data-testid="describe" />
          <button type="submit" className="primary" disabled={words.trim() === ""}>
            {say("empty.go")}
          </button>
        </div>
        {templates.length > 0 && (
          <ul className="templates" aria-label={say("templates")}>
            {templates.slice(0, MOST_CARDS).map((template) => (
              <li key={template.name}>
                <TemplateCard template={template} />
              </li>
            ))}
          </ul>
        )}
        <FirstRun />
        <p className="hints">
          <button type="button" className="link" onClick={() => {
            stageNow()?.focus();
            runCommand("search");
          }}>
            <Slash size={14} aria-hidden="true" />
            {say("empty.blank")}
          </button>
          <span>
            <FileUp size={14} aria-hidden="true" />
            {say("empty.drop")}
          </span>
        </p>
      </form>
    </div>
  );
}
