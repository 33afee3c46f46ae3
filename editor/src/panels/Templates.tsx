/** Graphs to start from. */

import { openTemplate, useTemplates } from "../canvas/EmptyState.tsx";

export function Templates() {
  const templates = useTemplates();
  return (
    <ul className="scroll list">
      {templates.map((template) => (
        <li key={template.name}>
          <button
            type="button"
            className="template"
            onClick={() => void openTemplate(template.name)}
          >
            <strong>{template.title}</strong>
            <span>{template.description}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
