/** What the server tells of artefacts by their digests: asked for once each. */

import { useEffect, useState } from "react";

import { ask } from "../api/http.ts";
import { Artefact } from "../api/generated.ts";

const known = new Map<string, Promise<Artefact | null>>();

function fetchArtefact(digest: string): Promise<Artefact | null> {
  const asked = known.get(digest) ?? ask(`/artefacts/blake3:${digest}`, Artefact).then((reply) => (reply.isOk ? reply.value : null));
  known.set(digest, asked);
  return asked;
}

/** An artefact, or null as long as it is not known; a digest of nothing is never known. */
export function useArtefact(digest: string | undefined): Artefact | null {
  const [found, setFound] = useState<{ readonly digest: string; readonly artefact: Artefact | null } | null>(null);
  useEffect(() => {
    if (digest === undefined) return;
    let isOver = false;
    void fetchArtefact(digest).then((artefact) => {
      if (!isOver) setFound({ digest, artefact });
    });
    return () => {
      isOver = true;
    };
  }, [digest]);
  return found !== null && found.digest === digest ? found.artefact : null;
}
