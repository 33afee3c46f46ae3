/** A template with a picture of what it makes, and how long that would take on this machine. */

import { BrainCircuit, LayoutTemplate } from "lucide-react";
import { useEffect, useState } from "react";

import type { Template } from "../api/generated.ts";
import { fetchTemplate, pictureOf, planTemplate } from "../api/library.ts";
import { openText } from "../state/files.ts";
import { usePreferences, useSay } from "../state/preferences.ts";
import { toast } from "../state/views.ts";
import { secondsText } from "../words/when.ts";

export async function openTemplate(name: string): Promise<void> {
  const reply = await fetchTemplate(name);
  if (reply.isOk) await openText(reply.value);
  else toast(reply.said);
}

export function TemplateCard({ template }: { readonly template: Template }) {
  const say = useSay();
  const language = usePreferences((state) => state.language);
  const seconds = useSeconds(template.name);
  return (
    <button type="button" className="template" data-testid={`template:${template.name}`} title={template.description} onClick={() => void openTemplate(template.name)}>
      <span className="template-picture">
        {template.has_picture ? <img src={pictureOf(template.name)} alt="" width={384} height={216} loading="lazy" decoding="async" /> : <Glyph takesWeights={template.takes_weights} />}
        {seconds !== null && <span className="template-time">{seconds === 0 ? say("template.ready") : say("template.time", { seconds: secondsText(language, seconds) })}</span>}
      </span>
      <strong>{template.title}</strong>
      <span className="template-words">{template.description}</span>
    </button>
  );
}

/** What stands in place of a picture: that it takes weights, which nobody can be shown without, or a graph. */
function Glyph({ takesWeights }: { readonly takesWeights: boolean }) {
  const say = useSay();
  const Icon = takesWeights ? BrainCircuit : LayoutTemplate;
  return (
    <span className="template-glyph">
      <Icon size={36} strokeWidth={1.25} aria-hidden="true" />
      {takesWeights && <span>{say("template.weights")}</span>}
    </span>
  );
}

/** Estimates by template, asked for once a page: what they depend on changes slowly. */
const asked = new Map<string, Promise<number | null>>();
let last: Promise<unknown> = Promise.resolve();

/** What a run of a template as it comes would take; null where that is not known, as where a picture is to be given first. */
function secondsOf(name: string): Promise<number | null> {
  const known = asked.get(name);
  if (known !== undefined) return known;
  // One after the other: planning them all at once would keep the server from what matters now.
  const found = last.then(async () => {
    const reply = await planTemplate(name);
    return reply.isOk ? reply.value.seconds : null;
  });
  last = found;
  asked.set(name, found);
  return found;
}

function useSeconds(name: string): number | null {
  const [seconds, setSeconds] = useState<number | null>(null);
  useEffect(() => {
    let isWanted = true;
    void secondsOf(name).then((found) => {
      if (isWanted) setSeconds(found);
    });
    return () => {
      isWanted = false;
    };
  }, [name]);
  return seconds;
}
