/** What the server sends. Written by `npm run generate` from the engine's own schemas: never by hand. */

import * as v from "valibot";

/** One thing that is wrong. */
export const Fault = v.object({
  code: v.string(),
  at: v.string(),
  message: v.string(),
});
export type Fault = v.InferOutput<typeof Fault>;

/** Why a request was refused (RFC 9457). */
export const Problem = v.object({
  type: v.string(),
  title: v.string(),
  status: v.number(),
  detail: v.string(),
  faults: v.array(Fault),
});
export type Problem = v.InferOutput<typeof Problem>;

/** A run as it stands. */
export const Run = v.object({
  id: v.string(),
  state: v.picklist(["queued", "running", "paused", "succeeded", "failed", "cancelled", "interrupted"]),
  title: v.string(),
  client: v.string(),
  project: v.nullable(v.string()),
  batch: v.nullable(v.string()),
  saved: v.nullable(v.string()),
  saved_version: v.nullable(v.number()),
  priority: v.number(),
  attempt: v.number(),
  created: v.number(),
  started: v.nullable(v.number()),
  ended: v.nullable(v.number()),
  parameters: v.record(v.string(), v.unknown()),
  faults: v.array(Fault),
  progress: v.nullable(v.number()),
  results: v.array(v.string()),
  place_in_queue: v.nullable(v.number()),
  seq: v.number(),
});
export type Run = v.InferOutput<typeof Run>;

/** A page of runs. */
export const RunPage = v.object({
  items: v.array(Run),
  next: v.optional(v.nullable(v.string())),
});
export type RunPage = v.InferOutput<typeof RunPage>;

/** What will become of a step, and why. */
export const PlannedStep = v.object({
  step: v.string(),
  node: v.string(),
  will_run: v.boolean(),
  certain: v.boolean(),
  needed: v.boolean(),
  reason: v.string(),
  seconds: v.number(),
  changed: v.array(v.string()),
  causes: v.array(v.string()),
});
export type PlannedStep = v.InferOutput<typeof PlannedStep>;

/** What a run would do. */
export const Plan = v.object({
  to_run: v.number(),
  least: v.number(),
  seconds: v.number(),
  steps: v.array(PlannedStep),
});
export type Plan = v.InferOutput<typeof Plan>;

/** What checking a graph found. */
export const Checked = v.object({
  faults: v.array(Fault),
});
export type Checked = v.InferOutput<typeof Checked>;

/** A graph that came with Diorama. */
export const Template = v.object({
  name: v.string(),
  title: v.string(),
  description: v.string(),
  parameters: v.record(v.string(), v.unknown()),
  has_picture: v.boolean(),
  takes_weights: v.boolean(),
});
export type Template = v.InferOutput<typeof Template>;

/** All templates. */
export const Templates = v.object({
  items: v.array(Template),
});
export type Templates = v.InferOutput<typeof Templates>;

/** A file on its way in. */
export const Upload = v.object({
  id: v.string(),
  name: v.string(),
  size: v.number(),
  offset: v.number(),
  digest: v.nullable(v.string()),
  type: v.nullable(v.string()),
  project: v.nullable(v.string()),
});
export type Upload = v.InferOutput<typeof Upload>;

/** A value that is bytes in a standard format. */
export const Artefact = v.object({
  id: v.string(),
  digest: v.string(),
  type: v.string(),
  media_type: v.string(),
  size: v.number(),
  facts: v.record(v.string(), v.unknown()),
  name: v.string(),
  run: v.nullable(v.string()),
  project: v.nullable(v.string()),
  created: v.number(),
});
export type Artefact = v.InferOutput<typeof Artefact>;

/** A link by which whoever has it sees a scene, and nothing else. */
export const Share = v.object({
  id: v.string(),
  title: v.string(),
  scene: v.string(),
  sounds: v.array(v.string()),
  created: v.number(),
  expires: v.number(),
  revoked: v.nullable(v.number()),
  holds: v.boolean(),
  path: v.string(),
});
export type Share = v.InferOutput<typeof Share>;

/** A page of links. */
export const SharePage = v.object({
  items: v.array(Share),
  next: v.optional(v.nullable(v.string())),
});
export type SharePage = v.InferOutput<typeof SharePage>;

/** What a link shows. */
export const Shared = v.object({
  title: v.string(),
  scene: v.string(),
  sounds: v.array(v.string()),
  expires: v.number(),
});
export type Shared = v.InferOutput<typeof Shared>;

/** The queue as a whole. */
export const Queue = v.object({
  paused: v.boolean(),
  states: v.record(v.string(), v.number()),
  running: v.array(v.string()),
  max_running: v.number(),
  max_running_per_client: v.nullable(v.number()),
});
export type Queue = v.InferOutput<typeof Queue>;

/** Runs that wait. */
export const Waiting = v.object({
  items: v.array(Run),
});
export type Waiting = v.InferOutput<typeof Waiting>;

/** A part of what went into a call that is another than the time before. */
export const Change = v.object({
  text: v.string(),
  port: v.string(),
  step: v.string(),
});
export type Change = v.InferOutput<typeof Change>;

/** What became of a step in a run, and why. */
export const Hindsight = v.object({
  step: v.string(),
  node: v.string(),
  ran: v.boolean(),
  made_by: v.string(),
  seconds: v.number(),
  reason: v.string(),
  changes: v.array(Change),
});
export type Hindsight = v.InferOutput<typeof Hindsight>;

/** Every step of a run that gave something. */
export const Hindsights = v.object({
  items: v.array(Hindsight),
});
export type Hindsights = v.InferOutput<typeof Hindsights>;

/** What was written to the log of a run. */
export const LogLine = v.object({
  number: v.number(),
  at: v.number(),
  step: v.string(),
  item: v.nullable(v.number()),
  text: v.string(),
});
export type LogLine = v.InferOutput<typeof LogLine>;

/** The log of a run. */
export const RunLog = v.object({
  items: v.array(LogLine),
});
export type RunLog = v.InferOutput<typeof RunLog>;

/** A page of artefacts. */
export const ArtefactPage = v.object({
  items: v.array(Artefact),
  next: v.optional(v.nullable(v.string())),
});
export type ArtefactPage = v.InferOutput<typeof ArtefactPage>;

/** The call that uses a device. */
export const Lease = v.object({
  call: v.number(),
  node: v.string(),
  token: v.number(),
  budget_bytes: v.number(),
  since: v.number(),
});
export type Lease = v.InferOutput<typeof Lease>;

/** A device as it stands; what its driver does not tell is null. */
export const Device = v.object({
  name: v.string(),
  title: v.string(),
  is_gpu: v.boolean(),
  total_bytes: v.nullable(v.number()),
  used_bytes: v.nullable(v.number()),
  free_bytes: v.nullable(v.number()),
  utilisation: v.nullable(v.number()),
  celsius: v.nullable(v.number()),
  level: v.nullable(v.picklist(["green", "yellow", "red"])),
  warning: v.string(),
  resident: v.record(v.string(), v.number()),
  lease: v.nullable(Lease),
  loads: v.number(),
  evictions: v.number(),
  swaps: v.number(),
});
export type Device = v.InferOutput<typeof Device>;

/** Every device of this server. */
export const Devices = v.object({
  items: v.array(Device),
});
export type Devices = v.InferOutput<typeof Devices>;

/** Weights that a node loads: whether they are here, and how to get them where they are not. */
export const Model = v.object({
  name: v.string(),
  title: v.string(),
  repository: v.string(),
  revision: v.string(),
  license: v.string(),
  gib: v.number(),
  state: v.picklist(["present", "missing", "damaged"]),
  path: v.string(),
  nodes: v.array(v.string()),
  missing: v.array(v.string()),
  damaged: v.record(v.string(), v.string()),
  parameters: v.number(),
  how_to_get: v.string(),
});
export type Model = v.InferOutput<typeof Model>;

/** Every model that a node declares. */
export const Models = v.object({
  items: v.array(Model),
});
export type Models = v.InferOutput<typeof Models>;

/** A setting: what holds, and what it takes to change it. */
export const Setting = v.object({
  name: v.string(),
  value: v.unknown(),
  default: v.unknown(),
  help: v.string(),
  wanted: v.string(),
  needs_restart: v.boolean(),
});
export type Setting = v.InferOutput<typeof Setting>;

/** Every setting. */
export const Settings = v.object({
  items: v.array(Setting),
});
export type Settings = v.InferOutput<typeof Settings>;

/** A saved graph as it is listed. Times are seconds since the epoch. */
export const SavedGraph = v.object({
  name: v.string(),
  version: v.number(),
  title: v.string(),
  project: v.nullable(v.string()),
  created: v.number(),
  updated: v.number(),
});
export type SavedGraph = v.InferOutput<typeof SavedGraph>;

/** A page of saved graphs. */
export const SavedGraphPage = v.object({
  items: v.array(SavedGraph),
  next: v.optional(v.nullable(v.string())),
});
export type SavedGraphPage = v.InferOutput<typeof SavedGraphPage>;

/** One version of a saved graph. */
export const GraphVersion = v.object({
  name: v.string(),
  version: v.number(),
  digest: v.string(),
  note: v.string(),
  author: v.string(),
  created: v.number(),
});
export type GraphVersion = v.InferOutput<typeof GraphVersion>;

/** A page of versions. */
export const GraphVersionPage = v.object({
  items: v.array(GraphVersion),
  next: v.optional(v.nullable(v.string())),
});
export type GraphVersionPage = v.InferOutput<typeof GraphVersionPage>;

/** A call failed for good, or will be tried again (`retried`). */
export const CallFailedEvent = v.object({
  run: v.string(),
  seq: v.number(),
  at: v.number(),
  step: v.string(),
  item: v.nullable(v.number()),
  code: v.string(),
  message: v.string(),
  retried: v.boolean(),
  kind: v.literal("call_failed"),
});
export type CallFailedEvent = v.InferOutput<typeof CallFailedEvent>;

/** A call has outputs: made now, or found under its key (`cached`) once its inputs were known. */
export const CallFinishedEvent = v.object({
  run: v.string(),
  seq: v.number(),
  at: v.number(),
  step: v.string(),
  item: v.nullable(v.number()),
  key: v.string(),
  cached: v.boolean(),
  seconds: v.number(),
  kind: v.literal("call_finished"),
});
export type CallFinishedEvent = v.InferOutput<typeof CallFinishedEvent>;

/** An unfinished value of a call; told live and not kept. `digest` names its bytes in the store. */
export const CallPreviewEvent = v.object({
  run: v.string(),
  step: v.string(),
  item: v.nullable(v.number()),
  digest: v.string(),
  media_type: v.string(),
  kind: v.literal("call_preview"),
});
export type CallPreviewEvent = v.InferOutput<typeof CallPreviewEvent>;

/** How far a call is; told live and not kept. */
export const CallProgressEvent = v.object({
  run: v.string(),
  step: v.string(),
  item: v.nullable(v.number()),
  fraction: v.number(),
  message: v.string(),
  seconds_left: v.nullable(v.number()),
  kind: v.literal("call_progress"),
});
export type CallProgressEvent = v.InferOutput<typeof CallProgressEvent>;

/** A call was handed to an executor. Light calls tell their end alone. */
export const CallStartedEvent = v.object({
  run: v.string(),
  seq: v.number(),
  at: v.number(),
  step: v.string(),
  item: v.nullable(v.number()),
  attempt: v.number(),
  seconds: v.number(),
  kind: v.literal("call_started"),
});
export type CallStartedEvent = v.InferOutput<typeof CallStartedEvent>;

/** A device at a moment; what its driver does not tell is None. */
export const DeviceSnapshotEvent = v.object({
  at: v.number(),
  device: v.string(),
  name: v.string(),
  total_bytes: v.nullable(v.number()),
  used_bytes: v.nullable(v.number()),
  free_bytes: v.nullable(v.number()),
  utilisation: v.nullable(v.number()),
  temperature: v.nullable(v.number()),
  level: v.nullable(v.picklist(["green", "yellow", "red"])),
  kind: v.literal("device_snapshot"),
});
export type DeviceSnapshotEvent = v.InferOutput<typeof DeviceSnapshotEvent>;

/** A text for the log: what a call printed, the traceback of one that failed, or what the server itself says. */
export const LogEvent = v.object({
  run: v.nullable(v.string()),
  at: v.number(),
  level: v.picklist(["info", "warning", "error"]),
  step: v.string(),
  item: v.nullable(v.number()),
  text: v.string(),
  kind: v.literal("log"),
});
export type LogEvent = v.InferOutput<typeof LogEvent>;

/** How the queue stands: its runs by state, and those that this server has under way. */
export const QueueChangedEvent = v.object({
  at: v.number(),
  paused: v.boolean(),
  states: v.record(v.string(), v.number()),
  running: v.array(v.string()),
  max_running: v.number(),
  max_running_per_client: v.nullable(v.number()),
  kind: v.literal("queue_changed"),
});
export type QueueChangedEvent = v.InferOutput<typeof QueueChangedEvent>;

/** One of the asked-for results is there. */
export const ResultReadyEvent = v.object({
  run: v.string(),
  seq: v.number(),
  at: v.number(),
  result: v.string(),
  kind: v.literal("result_ready"),
});
export type ResultReadyEvent = v.InferOutput<typeof ResultReadyEvent>;

/** A run came to its end. Where each result is one JSON value, and all are short, `values` has them by name. */
export const RunEndedEvent = v.object({
  run: v.string(),
  seq: v.number(),
  at: v.number(),
  state: v.picklist(["queued", "running", "paused", "succeeded", "failed", "cancelled", "interrupted"]),
  seconds: v.number(),
  values: v.optional(v.nullable(v.record(v.string(), v.unknown()))),
  kind: v.literal("run_ended"),
});
export type RunEndedEvent = v.InferOutput<typeof RunEndedEvent>;

/** A run makes no more calls until it is resumed; those under way were finished and kept. */
export const RunPausedEvent = v.object({
  run: v.string(),
  seq: v.number(),
  at: v.number(),
  kind: v.literal("run_paused"),
});
export type RunPausedEvent = v.InferOutput<typeof RunPausedEvent>;

/** A run was accepted and waits for its turn. */
export const RunQueuedEvent = v.object({
  run: v.string(),
  seq: v.number(),
  at: v.number(),
  title: v.string(),
  client: v.string(),
  priority: v.number(),
  batch: v.nullable(v.string()),
  kind: v.literal("run_queued"),
});
export type RunQueuedEvent = v.InferOutput<typeof RunQueuedEvent>;

/** A run waits for its turn again: it was paused, or it had ended and is tried once more. */
export const RunResumedEvent = v.object({
  run: v.string(),
  seq: v.number(),
  at: v.number(),
  kind: v.literal("run_resumed"),
});
export type RunResumedEvent = v.InferOutput<typeof RunResumedEvent>;

/** A run began: how many steps it will run and how many results it takes from the cache. */
export const RunStartedEvent = v.object({
  run: v.string(),
  seq: v.number(),
  at: v.number(),
  title: v.string(),
  to_run: v.number(),
  cached: v.number(),
  seconds: v.number(),
  kind: v.literal("run_started"),
});
export type RunStartedEvent = v.InferOutput<typeof RunStartedEvent>;

/** A step cannot run since one that it depends on failed. */
export const StepBlockedEvent = v.object({
  run: v.string(),
  seq: v.number(),
  at: v.number(),
  step: v.string(),
  by: v.string(),
  kind: v.literal("step_blocked"),
});
export type StepBlockedEvent = v.InferOutput<typeof StepBlockedEvent>;

/** Steps whose outputs were in the cache: for each its id, its key, and the run that made them. */
export const StepsCachedEvent = v.object({
  run: v.string(),
  seq: v.number(),
  at: v.number(),
  steps: v.array(v.tuple([v.string(), v.string(), v.string()])),
  kind: v.literal("steps_cached"),
});
export type StepsCachedEvent = v.InferOutput<typeof StepsCachedEvent>;

/** Something that a user should know and that stops nothing. */
export const WarnedEvent = v.object({
  at: v.number(),
  about: v.string(),
  message: v.string(),
  kind: v.literal("warning"),
});
export type WarnedEvent = v.InferOutput<typeof WarnedEvent>;

export const AnyEvent = v.variant("kind", [CallFailedEvent, CallFinishedEvent, CallPreviewEvent, CallProgressEvent, CallStartedEvent, DeviceSnapshotEvent, LogEvent, QueueChangedEvent, ResultReadyEvent, RunEndedEvent, RunPausedEvent, RunQueuedEvent, RunResumedEvent, RunStartedEvent, StepBlockedEvent, StepsCachedEvent, WarnedEvent]);

export type AnyEvent = v.InferOutput<typeof AnyEvent>;

/** Kinds that are numbered and kept. */
export const DURABLE: ReadonlySet<string> = new Set(["run_queued", "run_started", "steps_cached", "call_started", "call_finished", "call_failed", "step_blocked", "result_ready", "run_paused", "run_resumed", "run_ended"]);
