/** A view on a canvas for as long as a component shows it. What it takes is loaded when the first one does. */

import { type RefObject, useEffect, useRef, useState } from "react";

import type { CameraPose, ContentFault, Helps, Staged, Stats, View } from "./engine/index.ts";

export type Trouble = ContentFault | "noWebgl" | "lost";

export interface Shown {
  readonly engine: Engine;
  readonly view: View;
  readonly staged: Staged;
}

export interface Wanted {
  /** The digest of a GLB; null for an empty stage. */
  readonly digest: string | null;
  readonly helps?: Partial<Helps>;
  /** From where; undefined leaves that to the person. */
  readonly camera?: CameraPose | undefined;
  readonly onCamera?: (pose: CameraPose) => void;
  readonly onStats?: (stats: Stats) => void;
  readonly canZoom?: boolean;
  /** Whether a camera that someone moved stays where it is when something else is shown. */
  readonly keepsCamera?: boolean;
}

export interface Found {
  readonly canvas: RefObject<HTMLCanvasElement | null>;
  readonly shown: Shown | null;
  readonly trouble: Trouble | null;
}

export type Engine = typeof import("./engine/index.ts");

export function useView({ digest, helps, camera, onCamera, onStats, canZoom = true, keepsCamera = false }: Wanted): Found {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [view, setView] = useState<{ readonly view: View; readonly engine: Engine } | null>(null);
  const [shown, setShown] = useState<Shown | null>(null);
  const [trouble, setTrouble] = useState<Trouble | null>(null);

  useEffect(() => {
    let isOver = false;
    let made: View | null = null;
    let deaf: (() => void) | undefined;
    const sizes = new ResizeObserver(() => made?.ask());
    const themes = new MutationObserver(() => made?.recolour());
    void import("./engine/index.ts").then((engine) => {
      const target = canvas.current;
      if (isOver || target === null) return;
      const gl = engine.sharedGl();
      if (gl === null) {
        setTrouble("noWebgl");
        return;
      }
      made = new engine.View(gl, target);
      if (gl.isLost) setTrouble("lost");
      deaf = gl.listen((isLost) => setTrouble(isLost ? "lost" : null));
      sizes.observe(target);
      themes.observe(document.documentElement, { attributeFilter: ["data-theme"] });
      setView({ view: made, engine });
    });
    return () => {
      isOver = true;
      sizes.disconnect();
      themes.disconnect();
      deaf?.();
      made?.dispose();
    };
  }, []);

  useEffect(() => {
    if (view === null) return undefined;
    const { engine } = view;
    let isOver = false;
    const staged = digest === null ? Promise.resolve(engine.bareStage()) : engine.library.acquire(digest);
    staged.then(
      (found) => {
        if (isOver) return;
        view.view.show(found, keepsCamera && view.view.isMoved);
        setTrouble(null);
        setShown({ engine, view: view.view, staged: found });
      },
      (error: unknown) => {
        if (!isOver) setTrouble(error instanceof engine.ContentError ? error.fault : "malformed");
      },
    );
    return () => {
      isOver = true;
      // What was shown stays until the next is there.
      if (digest !== null) engine.library.release(digest);
    };
  }, [view, digest, keepsCamera]);

  useEffect(() => {
    view?.view.tell({ onCamera, onStats }, canZoom);
  }, [view, onCamera, onStats, canZoom]);

  const wanted = helps === undefined ? "" : JSON.stringify(helps);
  useEffect(() => {
    if (view !== null) view.view.help({ ...view.engine.PLAIN, ...helps });
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the helps are known by what they hold
  }, [view, wanted]);

  useEffect(() => {
    if (shown !== null && camera !== undefined) shown.view.set(camera);
  }, [shown, camera]);

  return { canvas, shown, trouble };
}
