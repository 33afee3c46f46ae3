/** A GLB as three.js has it, with what the viewer wants to know of it. */

import {
  type AnimationClip,
  AnimationMixer,
  Box3,
  BufferGeometry,
  type Camera,
  LoadingManager,
  Material,
  Mesh,
  Object3D,
  PerspectiveCamera,
  Points,
  Line,
  SkinnedMesh,
  Texture,
  Vector3,
} from "three";
import { GLTFLoader } from "three/examples/jsm/loaders/GLTFLoader.js";
import { clone } from "three/examples/jsm/utils/SkeletonUtils.js";

import { glbFault } from "../glb.ts";
import type { Place } from "../space.ts";
import { splatFault, splatKind } from "../splat.ts";
import { type Environment, isMotion, roleOf, sceneFacts } from "./facts.ts";
import { type MakePainter, splatReader } from "./splatReader.ts";

/** Why there is nothing to be seen; each is a sentence in the catalogue of words. */
export type ContentFault = "malformed" | "large" | "gone";

export class ContentError extends Error {
  readonly fault: ContentFault;

  constructor(fault: ContentFault) {
    super(fault);
    this.fault = fault;
  }
}

/** Something that can be pointed at: a placement, a figure, or a whole model. */
export interface Thing {
  /** Its name in the file; unlike three's, not changed. */
  readonly name: string;
  readonly role: string;
  readonly object: Object3D;
  readonly vertices: number;
}

export interface Content {
  readonly root: Object3D;
  readonly things: readonly Thing[];
  readonly mixer: AnimationMixer;
  readonly seconds: number;
  /** Null where the file is a single model. */
  readonly environment: Environment | null;
  /** The scene's own camera, where it has one. */
  readonly camera: PerspectiveCamera | null;
  readonly target: Object3D | null;
  readonly bounds: Box3;
  /** What a camera goes along with: the root of a motion that is shown without its scene. */
  readonly leader: Object3D | null;
  /** Where the figures of a scene are now, in the order of the file. */
  readonly figures: () => readonly Place[];
  /** Where that goes. */
  readonly way: Box3;
  /** Put everything where it is at a moment. */
  readonly pose: (seconds: number) => void;
  /** Another object that looks the same: one has its place in one scene. It goes when the content does. */
  readonly likeness: () => Object3D;
  /** What a view takes to draw it, where three.js alone cannot. */
  readonly painter: MakePainter | null;
  readonly dispose: () => void;
}

/** Before the last moment: at the very end a looped clip begins anew. */
const END = 1e-5;

/** Read a GLB, or a splat where the page shows such; raises `ContentError`. */
export async function readContent(bytes: ArrayBuffer): Promise<Content> {
  return splatKind(bytes) === null ? await readGlb(bytes) : await readSplat(bytes);
}

async function readSplat(bytes: ArrayBuffer): Promise<Content> {
  const fault = splatFault(bytes);
  if (fault !== null) throw new ContentError(fault);
  try {
    const reader = await splatReader();
    if (reader !== null) return await reader.readSplat(bytes);
  } catch {
    throw new ContentError("malformed");
  }
  throw new ContentError("malformed");
}

async function readGlb(bytes: ArrayBuffer): Promise<Content> {
  const fault = glbFault(bytes);
  if (fault !== null) throw new ContentError(fault);
  const manager = new LoadingManager();
  // Whatever a file names outside of itself is nothing.
  manager.setURLModifier((url) => (/^(blob|data):/.test(url) ? url : "data:,"));
  try {
    const gltf = await new GLTFLoader(manager).parseAsync(bytes, "");
    gltf.scene.updateMatrixWorld(true);
    return contentOf(gltf.scene, gltf.animations, gltf.cameras, (object) => nameOf(gltf.parser.json, gltf.parser.associations.get(object)?.nodes));
  } catch {
    throw new ContentError("malformed");
  }
}

/** The name that the file gives a node: three.js takes some characters out of it. */
function nameOf(json: unknown, node: number | undefined): string {
  if (typeof json !== "object" || json === null || !("nodes" in json) || !Array.isArray(json.nodes) || node === undefined) return "";
  const found: unknown = json.nodes[node];
  return typeof found === "object" && found !== null && "name" in found && typeof found.name === "string" ? found.name : "";
}

function contentOf(root: Object3D, clips: readonly AnimationClip[], cameras: readonly Camera[], name: (object: Object3D) => string): Content {
  const facts = sceneFacts(root.userData);
  const mixer = new AnimationMixer(root);
  for (const clip of clips) mixer.clipAction(clip).play();
  const longest = clips.reduce((most, clip) => Math.max(most, clip.duration), 0);
  const seconds = facts === null ? longest : facts.seconds;
  const things = thingsIn(root, name);
  let target: Object3D | null = null;
  const leader = isMotion(root.userData) ? firstBone(root) : null;
  root.traverse((object) => {
    if (roleOf(object.userData) === "target") target = object;
    // Skinned bodies leave the box of their bind pose.
    if (object instanceof SkinnedMesh) object.frustumCulled = false;
  });
  let posed = Number.NaN;
  const pose = (at: number) => {
    if (at === posed) return;
    posed = at;
    mixer.setTime(Math.max(0, longest > 0 ? Math.min(at, longest - END) : 0));
    root.updateMatrixWorld(true);
  };
  pose(0);
  return {
    root,
    things,
    mixer,
    seconds,
    environment: facts?.environment ?? null,
    camera: cameras.find((camera) => camera instanceof PerspectiveCamera) ?? null,
    target,
    leader,
    figures: () => things.filter(({ role }) => role === "actor").map(({ object }) => placeOf(firstBone(object) ?? object)),
    way: leader === null ? new Box3() : wayOf(clips),
    bounds: boundsOf(things.length > 0 && facts !== null ? things.map(({ object }) => object) : [root]),
    pose,
    likeness: () => clone(root),
    painter: null,
    dispose: () => {
      mixer.stopAllAction();
      mixer.uncacheRoot(root);
      disposeOf(root);
    },
  };
}

/** Placements and figures of a scene; of a single model, itself. */
function thingsIn(root: Object3D, name: (object: Object3D) => string): readonly Thing[] {
  const found = root.children.map((object) => ({ name: name(object), role: roleOf(object.userData) || figureRole(object), object, vertices: verticesOf(object) }));
  return found.filter(({ vertices }) => vertices > 0);
}

/** A body stands beside its skeleton in the file, and that is what is marked as a figure. */
function figureRole(object: Object3D): string {
  for (let bone = firstBone(object); bone !== null; bone = bone.parent) {
    if (roleOf(bone.userData) === "actor") return "actor";
  }
  return "";
}

function placeOf(object: Object3D): Place {
  const { x, y, z } = object.getWorldPosition(new Vector3());
  return [x, y, z];
}

/** The bone that the first body is hung on. */
function firstBone(object: Object3D): Object3D | null {
  const bones: Object3D[] = [];
  object.traverse((one) => {
    if (one instanceof SkinnedMesh) bones.push(...one.skeleton.bones.slice(0, 1));
  });
  return bones[0] ?? null;
}

function verticesOf(object: Object3D): number {
  let count = 0;
  object.traverse((one) => {
    if (one instanceof Mesh) count += geometryOf(one)?.attributes["position"]?.count ?? 0;
  });
  return count;
}

/** The box around all places that clips lead through. */
function wayOf(clips: readonly AnimationClip[]): Box3 {
  const box = new Box3();
  for (const { tracks } of clips) {
    for (const { name, values } of tracks) {
      if (!name.endsWith(".position")) continue;
      for (let at = 0; at + 2 < values.length; at += 3) box.expandByPoint(new Vector3(values[at], values[at + 1], values[at + 2]));
    }
  }
  return box;
}

/** The box around some objects; a unit cube where there is nothing. */
export function boundsOf(objects: readonly Object3D[]): Box3 {
  const box = new Box3();
  for (const object of objects) box.expandByObject(object);
  if (box.isEmpty() || ![...box.min.toArray(), ...box.max.toArray()].every(Number.isFinite)) box.set(new Vector3(-0.5, 0, -0.5), new Vector3(0.5, 1, 0.5));
  return box;
}

/** Let go of everything that lies in the memory of the graphics card. */
export function disposeOf(root: Object3D): void {
  root.traverse((object) => {
    if (!(object instanceof Mesh || object instanceof Points || object instanceof Line)) return;
    geometryOf(object)?.dispose();
    for (const material of materialsOf(object)) disposeMaterial(material);
    if (object instanceof SkinnedMesh) object.skeleton.dispose();
  });
}

function geometryOf(object: Drawn): BufferGeometry | undefined {
  return object.geometry instanceof BufferGeometry ? object.geometry : undefined;
}

function materialsOf({ material }: Drawn): readonly Material[] {
  return [material].flat().filter((one) => one instanceof Material);
}

/** What three.js draws, as far as its own types say nothing surer. */
interface Drawn {
  readonly geometry: unknown;
  readonly material: unknown;
}

function disposeMaterial(material: Material): void {
  for (const value of Object.values(material)) {
    if (!(value instanceof Texture)) continue;
    const source: { readonly data: unknown } = value.source;
    value.dispose();
    if (source.data instanceof ImageBitmap) source.data.close();
  }
  material.dispose();
}

/** A stage with nothing on it. */
export function emptyContent(): Content {
  const root = new Object3D();
  return {
    root,
    things: [],
    mixer: new AnimationMixer(root),
    seconds: 0,
    environment: null,
    camera: null,
    target: null,
    leader: null,
    figures: () => [],
    way: new Box3(),
    bounds: boundsOf([]),
    pose: () => undefined,
    likeness: () => root,
    painter: null,
    dispose: () => undefined,
  };
}
