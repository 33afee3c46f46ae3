/** What a graph asks for: its parameters, and the inputs that were marked to be in the form. */

import { useId } from "react";

import { type FormField, formFields } from "../core/form.ts";
import { titleOf } from "../core/names.ts";
import { typeIn, useDocuments } from "../state/documents.ts";
import { useSay } from "../state/preferences.ts";
import { ParameterWidget, Widget } from "../canvas/widgets/Widget.tsx";

export function FormInputs() {
  const say = useSay();
  const title = useDocuments((state) => state.history.now.graph.title);
  const description = useDocuments((state) => state.history.now.graph.description);
  const state = useDocuments((documents) => documents);
  const fields = formFields(state.history.now, (name) => typeIn(state, name));
  return (
    <section className="form-inputs" aria-label={say("form.inputs")}>
      <h2>{title === "" ? say("graph.untitled") : title}</h2>
      {description !== "" && <p className="form-about">{description}</p>}
      {fields.map((field) => (
        <Field key={field.kind === "parameter" ? field.name : `${field.to.node}.${field.to.port}`} field={field} />
      ))}
      {fields.length === 0 && <p className="help">{say("form.nothing")}</p>}
    </section>
  );
}

function Field({ field }: { readonly field: FormField }) {
  const id = useId();
  const name = titleOf(field.kind === "parameter" ? field.name : field.to.port);
  const { help, unit } = field.port;
  return (
    <div className="form-field" role="group" aria-labelledby={id} data-testid={`field:${field.kind === "parameter" ? field.name : `${field.to.node}.${field.to.port}`}`}>
      <div className="form-name" id={id}>
        {name}
        {field.kind === "input" && <span className="form-of">{field.to.node}</span>}
        {unit !== "" && <span className="unseen">{unit}</span>}
      </div>
      {field.kind === "parameter" ? <ParameterWidget name={field.name} label={name} /> : <Widget node={field.to.node} port={field.port} isTabbable place="form" label={name} />}
      {help !== "" && <p className="help">{help}</p>}
    </div>
  );
}
