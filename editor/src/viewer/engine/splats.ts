/** Gaussian splats as spark draws them, within the one context and mixed with meshes. */

import { PackedSplats, SparkRenderer, SplatFileType, SplatMesh } from "@sparkjsdev/spark";
import { AnimationMixer, BoxGeometry, Group, Mesh, MeshBasicMaterial, type Object3D, Vector2, Vector3, type WebGLRenderer } from "three";

import { splatKind } from "../splat.ts";
import { boundsOf, type Content, emptyContent } from "./content.ts";
import type { Painter } from "./splatReader.ts";

const UNSEEN = new MeshBasicMaterial();

/** The gaussians of a PLY or SPZ, upright; rejects where they cannot be read. */
export async function readSplat(bytes: ArrayBuffer): Promise<Content> {
  const kind = splatKind(bytes);
  const packed = new PackedSplats({ fileBytes: new Uint8Array(bytes), fileType: kind === "spz" ? SplatFileType.SPZ : SplatFileType.PLY });
  await packed.initialized;
  if (packed.numSplats === 0) throw new Error("there are no gaussians");
  const root = standing(packed, kind === "ply");
  return {
    ...emptyContent(),
    root,
    things: [{ name: "", role: "", object: root, vertices: 0 }],
    mixer: new AnimationMixer(root),
    bounds: boundsOf([root]),
    likeness: () => standing(packed, kind === "ply"),
    painter: paint,
    dispose: () => {
      packed.dispose();
      root.traverse((object) => {
        if (object instanceof Mesh && object.geometry instanceof BoxGeometry) object.geometry.dispose();
      });
    },
  };
}

/** An object that shows them. A box that is not drawn stands for them where they are measured and pointed at. */
function standing(packed: PackedSplats, isDown: boolean): Object3D {
  const splats = new SplatMesh({ packedSplats: packed, raycastable: false });
  const bounds = splats.getBoundingBox(true);
  const size = bounds.getSize(new Vector3());
  const box = new Mesh(new BoxGeometry(size.x, size.y, size.z), UNSEEN);
  bounds.getCenter(box.position);
  box.visible = false;
  const turned = new Group().add(splats, box);
  // In a PLY Y points down.
  if (isDown) turned.quaternion.set(1, 0, 0, 0);
  const root = new Group().add(turned);
  root.updateMatrixWorld(true);
  return root;
}

/** Each view has one of its own, since it holds the order of the gaussians as seen from there. */
function paint(renderer: WebGLRenderer, changed: () => void): Painter {
  let isOver = false;
  const spark = new SparkRenderer({ renderer, onDirty: () => (isOver ? queueMicrotask(end) : changed()) });
  const size = new Vector2();
  const draw = spark.onBeforeRender.bind(spark);
  spark.onBeforeRender = (...given) => {
    draw(...given);
    // The drawing buffer is as large as the largest view; this one has a part of it.
    spark.uniforms.renderSize.value.copy(size);
  };
  // To end it while it sorts would be an error that nobody hears: it says when the order is there.
  const end = () => {
    if (!spark.sorting) spark.dispose();
  };
  const dispose = () => {
    isOver = true;
    spark.sortDirty = false;
    spark.dirty = false;
    end();
  };
  return { object: spark, resize: (width, height) => size.set(width, height), dispose };
}
