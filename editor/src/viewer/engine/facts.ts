/** What a file made by Diorama says of itself beyond glTF: kinds of objects, and the air of a scene. */

import * as v from "valibot";

const RGB = v.tuple([v.number(), v.number(), v.number()]);

const ENVIRONMENT = v.object({
  setting: v.optional(v.picklist(["indoor", "outdoor"]), "outdoor"),
  sky_zenith: v.optional(RGB, [0.2, 0.4, 0.8]),
  sky_horizon: v.optional(RGB, [0.7, 0.8, 0.9]),
  ambient: v.optional(RGB, [0.2, 0.2, 0.25]),
  fog_color: v.optional(RGB, [0.7, 0.8, 0.9]),
  fog_density: v.optional(v.number(), 0),
  rain: v.optional(v.number(), 0),
  snow: v.optional(v.number(), 0),
  exposure: v.optional(v.number(), 1),
});
export type Environment = v.InferOutput<typeof ENVIRONMENT>;

const SCENE = v.object({ diorama: v.literal("scene"), seconds: v.optional(v.number(), 0), environment: ENVIRONMENT });
const NODE = v.object({ diorama: v.string(), kind: v.optional(v.string(), "") });

/** Length and air of a scene, or null where the file is none. */
export function sceneFacts(extras: unknown): { readonly seconds: number; readonly environment: Environment } | null {
  const read = v.safeParse(SCENE, extras);
  return read.success ? read.output : null;
}

/** Whether a file is the bones of a motion. */
export function isMotion(extras: unknown): boolean {
  return roleOf(extras) === "motion";
}

/** What a node is: placement, actor, light, camera, target. */
export function roleOf(extras: unknown): string {
  const read = v.safeParse(NODE, extras);
  return read.success ? read.output.diorama : "";
}
