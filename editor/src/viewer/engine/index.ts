/** What is loaded when something is first shown in three dimensions. */

export { type Content, ContentError, type ContentFault, type Thing } from "./content.ts";
export { type Gl, sharedGl } from "./gl.ts";
export { bareStage, library, type Staged } from "./library.ts";
export { Pieces, type PieceThing } from "./pieces.ts";
export { type CameraPose, commonPose } from "./poses.ts";
export { type Helps, PLAIN, type Stats, View } from "./view.ts";
