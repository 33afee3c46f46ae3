/** A canvas that shows a content: from where, with which helps, and what of it is pointed at. */

import {
  Box3,
  Box3Helper,
  Color,
  type GridHelper,
  Group,
  MeshBasicMaterial,
  type Object3D,
  PerspectiveCamera,
  Quaternion,
  Raycaster,
  Scene,
  Vector2,
  Vector3,
} from "three";
import { OrbitControls } from "three/examples/jsm/controls/OrbitControls.js";

import type { Ear } from "../space.ts";
import { boundsOf, type Thing } from "./content.ts";
import { type Gl, type Layer } from "./gl.ts";
import type { Staged } from "./library.ts";
import { loop } from "./loop.ts";
import { Pace } from "./pace.ts";
import { Painting } from "./painting.ts";
import type { Extras } from "./pieces.ts";
import { type CameraPose, FIELD, poseAround, tuple } from "./poses.ts";
import { boxOf, gridFor } from "./surroundings.ts";

export interface Stats {
  readonly fps: number;
  readonly triangles: number;
  readonly calls: number;
}

/** Who is told when someone moved the camera, and of each frame. */
export interface Ears {
  readonly onCamera?: ((pose: CameraPose) => void) | undefined;
  readonly onStats?: ((stats: Stats) => void) | undefined;
}

export interface Helps {
  readonly grid: boolean;
  readonly wireframe: boolean;
  readonly lights: boolean;
  /** Whether it moves by itself: a model turns, a scene goes on as its own camera sees it. */
  readonly turning: boolean;
  /** Whether the scene's own camera looks. */
  readonly filmed: boolean;
}

export const PLAIN: Helps = { grid: false, wireframe: false, lights: true, turning: false, filmed: false };

/** Radians that a model turns in a second. */
const TURN = 0.5;

/** The moment to be shown, asked for at each frame; while it goes on, frames follow each other. */
export interface Clock {
  readonly isGoing: boolean;
  readonly now: () => number;
  /** Told of the moment that is shown. */
  readonly posed?: (seconds: number) => void;
}

const RESTING: Clock = { isGoing: false, now: () => 0 };

export class View {
  readonly camera = new PerspectiveCamera(FIELD, 1, 0.01, 5000);
  readonly controls: OrbitControls;
  private ears: Ears = {};
  private clock: Clock = RESTING;
  private readonly gl: Gl;
  private readonly context: CanvasRenderingContext2D;
  private readonly canvas: HTMLCanvasElement;
  private readonly over = new Scene();
  private readonly marks = new Group();
  private readonly wire = new MeshBasicMaterial({ wireframe: true });
  private readonly accent = new Color();
  private grid: GridHelper | null = null;
  private staged: Staged | null = null;
  private helps = PLAIN;
  private marked: readonly Thing[] = [];
  private hidden: ReadonlySet<Object3D> = new Set();
  private extras: Extras | null = null;
  private readonly painting: Painting;
  /** Whether someone moved the camera since it was set. */
  isMoved = false;
  private readonly pace = new Pace();
  private last = 0;
  /** Where what the camera goes along with was. */
  private readonly led = new Vector3();
  /** Seconds of its own time, while it moves by itself. */
  private own = 0;
  private fps = 0;
  private isTold = false;
  private isOver = false;
  private readonly deaf: () => void;

  constructor(gl: Gl, canvas: HTMLCanvasElement) {
    const context = canvas.getContext("2d");
    if (context === null) throw new Error("a canvas gives no 2D context");
    this.gl = gl;
    this.painting = new Painting(gl.renderer, () => this.ask());
    this.canvas = canvas;
    this.context = context;
    this.over.add(this.marks);
    this.controls = new OrbitControls(this.camera, canvas);
    this.controls.enableDamping = false;
    // A key that is held moves nothing: the canvas of the graph has the arrows.
    this.controls.addEventListener("change", () => {
      if (!this.isTold) {
        this.isMoved = true;
        this.ears.onCamera?.(this.pose());
      }
      this.ask();
    });
    this.deaf = gl.listen(() => {
      // What it held on the graphics card is gone.
      this.painting.drop();
      this.ask();
    });
    this.recolour();
  }

  show(staged: Staged | null, keepsCamera = false): void {
    this.staged = staged;
    this.marked = [];
    if (this.grid !== null) {
      this.over.remove(this.grid);
      this.grid.dispose();
      this.grid = null;
    }
    if (staged !== null && !keepsCamera) this.reset();
    this.mark([]);
  }

  /** Show things beside the content, in its light. */
  beside(extras: Extras): void {
    this.extras = extras;
    if (!this.isMoved) this.reset();
    this.ask();
  }

  /** Everything that can be pointed at. */
  get things(): readonly Thing[] {
    return [...(this.staged?.content.things ?? []), ...(this.extras?.things ?? [])];
  }

  /** Look at all of it, from before and above; at a scene as its own camera does at first. */
  reset(): void {
    const { staged } = this;
    if (staged === null) return;
    this.isMoved = false;
    const { camera, target, pose, leader } = staged.content;
    if (leader !== null) {
      pose(0);
      leader.getWorldPosition(this.led);
    }
    const bounds = this.around();
    if (camera !== null && target !== null) {
      pose(0);
      const from = camera.getWorldPosition(new Vector3());
      const to = target.getWorldPosition(new Vector3());
      // Orbiting goes around what is near: far targets of a wide shot are brought up to the scene.
      const ray = to.clone().sub(from);
      const reach = Math.min(ray.length(), Math.max(2, bounds.getSize(new Vector3()).length() * 0.4));
      this.set({ position: tuple(from), target: tuple(from.clone().add(ray.setLength(reach))) }, camera.fov);
      return;
    }
    this.lookAround(bounds);
  }

  /** Look at some things, all within view. */
  focus(things: readonly Thing[]): void {
    if (things.length > 0) this.lookAround(boundsOf(things.map(({ object }) => object)));
  }

  /** Whom to tell, and whether the wheel is this view's. */
  tell(ears: Ears, canZoom: boolean): void {
    this.ears = ears;
    this.controls.enableZoom = canZoom;
  }

  follow(clock: Clock): void {
    this.clock = clock;
    this.ask();
  }

  set(pose: CameraPose, field = pose.field ?? this.camera.fov): void {
    this.isTold = true;
    this.camera.position.set(...pose.position);
    this.controls.target.set(...pose.target);
    const far = this.camera.position.distanceTo(this.controls.target);
    this.camera.fov = field;
    this.camera.near = Math.max(0.005, far / 200);
    this.camera.far = Math.max(2000, far * 50);
    this.camera.updateProjectionMatrix();
    this.controls.update();
    this.isTold = false;
    this.ask();
  }

  /** Where whoever looks is, for their ears. */
  ear(): Ear {
    const eye = this.eye();
    const up = new Vector3(0, 1, 0).applyQuaternion(eye.getWorldQuaternion(new Quaternion()));
    return { position: tuple(eye.getWorldPosition(new Vector3())), forward: tuple(eye.getWorldDirection(new Vector3())), up: tuple(up) };
  }

  pose(): CameraPose {
    return { position: tuple(this.camera.position), target: tuple(this.controls.target), field: this.camera.fov };
  }

  help(helps: Helps): void {
    this.helps = helps;
    this.ask();
  }

  mark(things: readonly Thing[]): void {
    this.marked = things;
    for (const box of [...this.marks.children]) if (box instanceof Box3Helper) box.dispose();
    this.marks.clear();
    while (this.marks.children.length < things.length) {
      const box = new Box3Helper(new Box3(), this.accent);
      // What is pointed at is seen through what stands before it.
      if (!Array.isArray(box.material)) box.material.depthTest = false;
      this.marks.add(box);
    }
    this.ask();
  }

  hide(objects: ReadonlySet<Object3D>): void {
    this.hidden = objects;
    this.ask();
  }

  /** What is at a point of the canvas, from 0 to 1 from its left and top. */
  pick(x: number, y: number): Thing | null {
    if (this.staged === null) return null;
    const { dressed } = this.staged;
    this.placed();
    const caster = new Raycaster();
    caster.setFromCamera(new Vector2(x * 2 - 1, 1 - y * 2), this.eye());
    dressed.scene.updateMatrixWorld();
    this.extras?.root.updateMatrixWorld();
    const { things } = this;
    const [hit] = caster.intersectObjects(things.map(({ object }) => object).filter((object) => !this.hidden.has(object)), true);
    for (let object: Object3D | null = hit?.object ?? null; object !== null; object = object.parent) {
      const found = things.find((thing) => thing.object === object);
      if (found !== undefined) return found;
    }
    return null;
  }

  ask(): void {
    if (!this.isOver) loop.ask(this);
  }

  /** Colours follow the page's, which may have changed. */
  recolour(): void {
    const style = getComputedStyle(this.canvas);
    const read = (name: string, fallback: string) => style.getPropertyValue(name).trim() || fallback;
    this.accent.setStyle(read("--accent", "#6ea8fe"));
    this.wire.color.setStyle(read("--text", "#d9dde4"));
    this.ask();
  }

  frame(milliseconds: number): boolean {
    const { staged, gl, canvas, helps } = this;
    if (this.isOver || gl.isLost) return false;
    const begun = performance.now();
    const isGoing = helps.turning || this.clock.isGoing;
    // What rests is drawn as finely as it can be, and always the same.
    const ratio = Math.min(2, window.devicePixelRatio || 1) * (isGoing ? this.pace.fineness : 1);
    const width = Math.round(canvas.clientWidth * ratio);
    const height = Math.round(canvas.clientHeight * ratio);
    if (width === 0 || height === 0) return false;
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
    }
    if (staged === null) {
      this.context.clearRect(0, 0, width, height);
      return false;
    }
    const passed = this.last === 0 ? 0 : Math.min(0.1, (milliseconds - this.last) / 1000);
    if (helps.turning) this.advance(staged, passed);
    const camera = this.eye(width / height);
    this.placed();
    this.goAlong(staged);
    // In wires there is nothing to be seen of splats.
    this.painting.enter(staged.dressed.scene, helps.wireframe ? null : (staged.content.painter ?? this.extras?.painter ?? null), width, height);
    const drawn = gl.draw(this.layers(staged, camera), staged.dressed.exposure, this.context, width, height);
    for (const object of this.hidden) object.visible = true;
    if (this.extras !== null) staged.dressed.scene.remove(this.extras.root);
    this.painting.leave(staged.dressed.scene);
    this.fps = passed > 0 ? this.fps * 0.9 + 0.1 / passed : this.fps;
    this.last = isGoing ? milliseconds : 0;
    if (isGoing) this.pace.took(performance.now() - begun);
    canvas.dataset["pose"] = [...this.camera.position, ...this.controls.target].map((value) => value.toFixed(3)).join(" ");
    canvas.dataset["frames"] = String(Number(canvas.dataset["frames"] ?? 0) + 1);
    this.ears.onStats?.({ fps: isGoing ? this.fps : 0, ...drawn });
    return isGoing;
  }

  dispose(): void {
    this.isOver = true;
    loop.leave(this);
    this.deaf();
    this.show(null);
    this.painting.drop();
    this.controls.dispose();
    this.wire.dispose();
  }

  private layers(staged: Staged, camera: PerspectiveCamera): readonly Layer[] {
    const { dressed } = staged;
    dressed.scene.overrideMaterial = this.helps.wireframe ? this.wire : null;
    dressed.lights.visible = this.helps.lights;
    for (const object of this.hidden) object.visible = false;
    if (this.extras !== null) dressed.scene.add(this.extras.root);
    if (this.helps.grid && this.grid === null) this.over.add((this.grid = gridFor(this.ground(), this.wire.color)));
    if (this.grid !== null) this.grid.visible = this.helps.grid;
    for (const [number, thing] of this.marked.entries()) {
      const box = this.marks.children[number];
      if (box instanceof Box3Helper) box.box.copy(boxOf(thing.object)).expandByScalar(0.01);
    }
    const layers = [dressed.scene, ...(this.marked.length > 0 || this.helps.grid ? [this.over] : [])].map((scene) => ({ scene, camera }));
    // Splats leave no depth that a grid could be hidden by: it is drawn before them.
    return staged.content.painter === null ? layers : layers.reverse();
  }

  private placed(): void {
    const moment = this.helps.turning ? this.own : this.clock.now();
    this.staged?.dressed.pose(moment);
    if (!this.helps.turning) this.clock.posed?.(moment);
  }

  /** The camera that looks: the person's, or that of the scene. */
  private eye(aspect = this.camera.aspect): PerspectiveCamera {
    this.camera.aspect = aspect;
    this.camera.updateProjectionMatrix();
    this.camera.updateMatrixWorld();
    const filmed = this.staged?.content.camera;
    if (!(this.helps.filmed || this.helps.turning) || filmed == null) return this.camera;
    filmed.aspect = aspect;
    filmed.updateProjectionMatrix();
    return filmed;
  }

  /** Width by height of what is seen. */
  get aspect(): number {
    return this.canvas.clientHeight > 0 ? this.canvas.clientWidth / this.canvas.clientHeight : 1;
  }

  /** Whether what is shown brings a camera of its own. */
  get isFilmed(): boolean {
    return this.staged?.content.camera != null;
  }

  /** The box around content and extras. */
  around(): Box3 {
    const bounds = this.staged?.content.bounds.clone() ?? new Box3();
    const objects = this.extras?.things.map(({ object }) => object) ?? [];
    if (objects.length === 0) return bounds;
    return this.staged?.content.things.length === 0 ? boundsOf(objects) : bounds.union(boundsOf(objects));
  }

  /** What the grid lies below: the content, and the way that it goes. */
  private ground(): Box3 {
    return this.around().union(this.staged?.content.way ?? new Box3());
  }

  private advance({ content }: Staged, seconds: number): void {
    if (content.camera === null) this.turn(seconds * TURN);
    // A scene that would be turned shows its walls from behind; a figure that moves is better seen moving.
    if (content.seconds > 0) this.own = (this.own + seconds) % content.seconds;
  }

  /** Keep a figure that goes where it was in the picture. */
  private goAlong({ content: { leader } }: Staged): void {
    if (leader === null) return;
    const now = leader.getWorldPosition(new Vector3());
    const step = now.clone().sub(this.led).setY(0);
    this.led.copy(now);
    this.camera.position.add(step);
    this.controls.target.add(step);
  }

  private turn(angle: number): void {
    const arm = this.camera.position.clone().sub(this.controls.target).applyAxisAngle(this.camera.up, angle);
    this.camera.position.copy(this.controls.target).add(arm);
    this.camera.lookAt(this.controls.target);
  }

  private lookAround(bounds: Box3): void {
    this.set(poseAround(bounds, this.aspect));
  }
}
