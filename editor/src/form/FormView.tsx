/** The graph as a form: what it asks for, what it gave, and the runs before. The graph itself is not seen. */

import { useState } from "react";

import type { Run } from "../api/generated.ts";
import { RunButton } from "../app/RunButton.tsx";
import { EmptyState } from "../canvas/EmptyState.tsx";
import { useDocuments } from "../state/documents.ts";
import { useSay } from "../state/preferences.ts";
import { useIsNarrow } from "../state/width.ts";
import { FormHistory } from "./FormHistory.tsx";
import { FormInputs } from "./FormInputs.tsx";
import { FormOutputs } from "./FormOutputs.tsx";
import { FormProgress } from "./FormProgress.tsx";

export default function FormView() {
  const say = useSay();
  const isNarrow = useIsNarrow();
  const isEmpty = useDocuments((state) => state.history.now.graph.nodes.size === 0);
  const isReady = useDocuments((state) => state.catalogue.nodes.size > 0);
  const [past, setPast] = useState<Run | null>(null);
  if (isEmpty) return <main className="form-start" aria-label={say("form")}>{isReady && <EmptyState />}</main>;
  return (
    <div className="form-view" data-testid="form">
      <FormInputs />
      <main className="form-outputs" aria-label={say("form.outputs")}>
        <FormProgress />
        <FormOutputs past={past} onLatest={() => setPast(null)} />
      </main>
      <FormHistory past={past} onPast={setPast} />
      {isNarrow && (
        <div className="form-run">
          <RunButton />
        </div>
      )}
    </div>
  );
}
