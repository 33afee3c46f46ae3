/** The picture that a mask is painted on: what its node gave, the file that it loads, or one that is chosen. */

import { useEffect, useState } from "react";

import { contentOf } from "../api/runs.ts";
import { digestIn } from "../core/media.ts";
import { draftNow } from "../state/documents.ts";
import type { Masking } from "../state/masking.ts";
import { useOutputs } from "../state/outputs.ts";
import { startRun, useRunning } from "../state/running.ts";

export interface Found {
  /** Where the picture is, or null as long as there is none. */
  readonly picture: string | null;
  readonly isWaiting: boolean;
  /** Makes the picture, where a node would give it. */
  readonly run: (() => void) | null;
  readonly give: (file: File | undefined) => void;
}

export function usePicture({ picture }: Masking): Found {
  const made = useOutputs(picture?.node ?? "");
  const isGoing = useRunning((state) => state.isGoing);
  const [isAsked, setAsked] = useState(false);
  const [given, setGiven] = useState<string | null>(null);
  useEffect(() => () => {
    if (given !== null) URL.revokeObjectURL(given);
  }, [given]);
  const give = (file: File | undefined) => {
    if (file !== undefined) setGiven(URL.createObjectURL(file));
  };
  const part = made.find((one) => one.port === picture?.port && one.given.kind === "artefact")?.given;
  const digest = part?.kind === "artefact" ? part.digest : picture === null ? undefined : fileOf(picture.node);
  return {
    picture: given ?? (digest === undefined ? null : contentOf(digest)),
    isWaiting: isAsked && isGoing,
    run: picture === null ? null : () => {
      setAsked(true);
      void startRun([picture.node]);
    },
    give,
  };
}

/** The file that a node loads, where the server keeps it. */
function fileOf(node: string): string | undefined {
  const { graph } = draftNow();
  for (const input of graph.nodes.get(node)?.inputs.values() ?? []) {
    const value = input.kind === "value" ? input.value : input.kind === "param" ? graph.parameters.get(input.name)?.default : undefined;
    const digest = digestIn(value);
    if (digest !== undefined) return digest;
  }
  return undefined;
}
