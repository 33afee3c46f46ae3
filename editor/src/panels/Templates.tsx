/** Graphs to start from. */

import { openTemplate, useTemplates } from "../canvas/EmptyState.tsx";
import { isUnsaved } from "../state/files.ts";
import { useSay } from "../state/preferences.ts";

export function Templates() {
  const say = useSay();
  const templates = useTemplates();
  return (
    <ul className="scroll list">
      {templates.map((template) => (
        <li key={template.name}>
          <button
            type="button"
            className="template"
            onClick={() => {
              if (!isUnsaved() || window.confirm(say("templates.replace"))) void openTemplate(template.name);
            }}
          >
            <strong>{template.title}</strong>
            <span>{template.description}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
