/** The one WebGL context of the page: whatever shows something in three dimensions draws with it, into canvases of its own. */

import { type Camera, NeutralToneMapping, type Scene, SRGBColorSpace, Vector4, WebGLRenderer } from "three";

export interface Drawn {
  readonly triangles: number;
  readonly calls: number;
}

export interface Layer {
  readonly scene: Scene;
  readonly camera: Camera;
}

type Listener = (isLost: boolean) => void;

const CLEAR = new Vector4(0, 0, 0, 0);

export class Gl {
  readonly renderer: WebGLRenderer;
  private readonly listeners = new Set<Listener>();
  private width = 0;
  private height = 0;
  isLost = false;

  constructor() {
    this.renderer = new WebGLRenderer({ antialias: true, alpha: true, powerPreference: "high-performance" });
    this.renderer.outputColorSpace = SRGBColorSpace;
    this.renderer.toneMapping = NeutralToneMapping;
    this.renderer.autoClear = false;
    this.renderer.info.autoReset = false;
    const canvas = this.renderer.domElement;
    canvas.addEventListener("webglcontextlost", (event) => {
      // Only a loss that is taken note of is made good by the browser.
      event.preventDefault();
      this.tell(true);
    });
    canvas.addEventListener("webglcontextrestored", () => this.tell(false));
    // How many there are is read by tests: a browser takes contexts away beyond sixteen.
    const { dataset } = document.documentElement;
    dataset["webglContexts"] = String(Number(dataset["webglContexts"] ?? 0) + 1);
  }

  /** Hear when the context is lost, and when it is there again. */
  listen(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Draw layers over each other, each `width` by `height` device pixels, and put them on a canvas. */
  draw(layers: readonly Layer[], exposure: number, target: CanvasRenderingContext2D, width: number, height: number): Drawn {
    const { renderer } = this;
    this.widen(width, height);
    renderer.info.reset();
    renderer.toneMappingExposure = exposure;
    renderer.setViewport(0, 0, width, height);
    renderer.setScissor(0, 0, width, height);
    renderer.setScissorTest(true);
    renderer.setClearColor(0x000000, CLEAR.w);
    renderer.clear();
    for (const layer of layers) renderer.render(layer.scene, layer.camera);
    target.clearRect(0, 0, width, height);
    // WebGL counts rows from below.
    target.drawImage(renderer.domElement, 0, this.height - height, width, height, 0, 0, width, height);
    const { triangles, calls } = renderer.info.render;
    this.count();
    return { triangles, calls };
  }

  /** How many shapes lie in the memory of the graphics card: tests see that those of old views go. */
  private count(): void {
    const geometries = String(this.renderer.info.memory.geometries);
    const { dataset } = document.documentElement;
    if (dataset["webglGeometries"] !== geometries) dataset["webglGeometries"] = geometries;
  }

  /** The drawing buffer only grows: making it anew for every view would cost more than drawing. */
  private widen(width: number, height: number): void {
    if (width <= this.width && height <= this.height) return;
    this.width = Math.max(width, this.width);
    this.height = Math.max(height, this.height);
    this.renderer.setPixelRatio(1);
    this.renderer.setSize(this.width, this.height, false);
  }

  private tell(isLost: boolean): void {
    this.isLost = isLost;
    for (const listener of this.listeners) listener(isLost);
  }
}

let shared: Gl | null | undefined;

/** The context, made when it is first asked for; null where the browser gives none. */
export function sharedGl(): Gl | null {
  if (shared === undefined) {
    try {
      shared = new Gl();
    } catch {
      shared = null;
    }
  }
  return shared;
}
