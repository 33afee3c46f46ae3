/** Graphs to start from. */

import { useTemplates } from "../canvas/EmptyState.tsx";
import { TemplateCard } from "./TemplateCard.tsx";

export function Templates() {
  const templates = useTemplates();
  return (
    <ul className="scroll list">
      {templates.map((template) => (
        <li key={template.name}>
          <TemplateCard template={template} />
        </li>
      ))}
    </ul>
  );
}
