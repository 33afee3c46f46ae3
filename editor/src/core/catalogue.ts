/** The node types that there are, as the engine tells them. */

import * as v from "valibot";

import type { Graph, GraphNode, Parameter } from "./graph.ts";
import { type Json, jsonOf, numberIn } from "./json.ts";
import { titleOf } from "./names.ts";
import type { TypeTable } from "./types.ts";

/** An input of a node type. */
export interface Port {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly unit: string;
  /** Undefined where a value must be given. */
  readonly default?: Json;
  readonly choices: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly above?: number;
  readonly below?: number;
  readonly step?: number;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly isLazy: boolean;
  /** Seldom touched: shown among the details, and on the node only where it is in use. */
  readonly isAdvanced?: boolean;
}

export interface Output {
  readonly name: string;
  readonly type: string;
}

export interface NodeType {
  readonly id: string;
  readonly title: string;
  readonly version: number;
  readonly category: string;
  readonly help: string;
  readonly inputs: readonly Port[];
  readonly outputs: readonly Output[];
  readonly seconds: number;
  readonly vramGib: number;
  readonly models: readonly string[];
  readonly isVolatile: boolean;
  /** Inputs that a node of this type does not show on the canvas; see `asUsed`. */
  readonly hidden?: ReadonlySet<string>;
}

export interface Catalogue {
  readonly types: TypeTable;
  readonly nodes: ReadonlyMap<string, NodeType>;
  /** Packs, or parts of them, that could not be loaded, each with why. */
  readonly broken: readonly string[];
}

export const EMPTY_CATALOGUE: Catalogue = { types: new Map(), nodes: new Map(), broken: [] };

const PORT = v.object({
  name: v.string(),
  type: v.string(),
  help: v.optional(v.string(), ""),
  unit: v.optional(v.string(), ""),
  default: v.optional(v.unknown()),
  choices: v.optional(v.array(v.string()), []),
  minimum: v.optional(v.number()),
  maximum: v.optional(v.number()),
  above: v.optional(v.number()),
  below: v.optional(v.number()),
  step: v.optional(v.number()),
  pattern: v.optional(v.string()),
  min_length: v.optional(v.number()),
  max_length: v.optional(v.number()),
  lazy: v.optional(v.boolean(), false),
  advanced: v.optional(v.boolean(), false),
});

const NODE = v.object({
  id: v.string(),
  version: v.number(),
  category: v.optional(v.string(), ""),
  help: v.optional(v.string(), ""),
  inputs: v.array(PORT),
  outputs: v.array(v.object({ name: v.string(), type: v.string() })),
  cost: v.optional(v.object({ seconds: v.number(), vram_gib: v.number() }), { seconds: 0, vram_gib: 0 }),
  models: v.optional(v.array(v.object({ name: v.string() })), []),
  volatile: v.optional(v.boolean(), false),
});

const CATALOGUE = v.object({
  types: v.record(v.string(), v.array(v.string())),
  nodes: v.array(NODE),
  broken: v.optional(v.array(v.string()), []),
});

/** The catalogue in what the server sent; throws where that is none. */
export function readCatalogue(sent: unknown): Catalogue {
  const read = v.parse(CATALOGUE, sent);
  return {
    types: new Map(Object.entries(read.types).map(([name, fits]) => [name, new Set(fits)])),
    nodes: new Map(read.nodes.map((node) => [node.id, nodeType(node)])),
    broken: read.broken,
  };
}

function nodeType(node: v.InferOutput<typeof NODE>): NodeType {
  return {
    id: node.id,
    title: titleOf(node.id),
    version: node.version,
    category: node.category,
    help: node.help,
    inputs: node.inputs.map(port),
    outputs: node.outputs,
    seconds: node.cost.seconds,
    vramGib: node.cost.vram_gib,
    models: node.models.map((model) => model.name),
    isVolatile: node.volatile,
  };
}

function port(given: v.InferOutput<typeof PORT>): Port {
  const { default: fallback, min_length: minLength, max_length: maxLength, lazy, advanced, ...kept } = given;
  return {
    ...defined(kept),
    name: given.name,
    type: given.type,
    help: given.help,
    unit: given.unit,
    choices: given.choices,
    isLazy: lazy,
    ...(advanced ? { isAdvanced: true } : {}),
    // A default of null is a default; only a port without one must be given a value.
    ...("default" in given ? { default: jsonOf(fallback) } : {}),
    ...(minLength === undefined ? {} : { minLength }),
    ...(maxLength === undefined ? {} : { maxLength }),
  };
}

type Bounds = Pick<Port, "minimum" | "maximum" | "above" | "below" | "step" | "pattern">;

function defined(given: object): Bounds {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

const shown = new WeakMap<NodeType, Map<string, NodeType>>();

/** A type as a node of it is drawn: without the advanced inputs that nothing comes into. The same object for the same inputs. */
export function asUsed(type: NodeType, node: GraphNode): NodeType {
  const hidden = type.inputs.filter((port) => port.isAdvanced === true && !isInUse(node, port.name)).map((port) => port.name);
  if (hidden.length === 0) return type;
  const known = shown.get(type) ?? new Map<string, NodeType>();
  shown.set(type, known);
  const key = hidden.join();
  const found = known.get(key) ?? { ...type, hidden: new Set(hidden) };
  known.set(key, found);
  return found;
}

/** Whether something comes into an input: a wire, or a list whose items the node is called for one by one. */
function isInUse(node: GraphNode, port: string): boolean {
  return node.inputs.get(port)?.kind === "wire" || node.forEach.includes(port);
}

/** The inputs that are drawn on a node. */
export function drawnInputs(type: NodeType): readonly Port[] {
  const { hidden } = type;
  return hidden === undefined ? type.inputs : type.inputs.filter((port) => !hidden.has(port.name));
}

/** Node types that begin so are saved graphs. */
export const SAVED = "graph/";

/** A saved graph as a node type: its parameters are the inputs, its results the outputs. */
export function savedType(name: string, graph: Graph, outputs: readonly Output[]): NodeType {
  return {
    id: SAVED + name,
    title: graph.title || titleOf(name),
    version: 1,
    category: "graph",
    help: graph.description,
    inputs: [...graph.parameters].map(([parameter, one]) => parameterPort(parameter, one)),
    outputs,
    seconds: 0,
    vramGib: 0,
    models: [],
    isVolatile: false,
  };
}

export function parameterPort(name: string, parameter: Parameter): Port {
  const minimum = numberIn(parameter.minimum);
  const maximum = numberIn(parameter.maximum);
  return {
    name,
    type: parameter.type,
    help: parameter.help,
    unit: parameter.unit,
    choices: parameter.choices.filter((choice) => typeof choice === "string"),
    isLazy: false,
    ...(parameter.default === undefined ? {} : { default: parameter.default }),
    ...(minimum === undefined ? {} : { minimum }),
    ...(maximum === undefined ? {} : { maximum }),
  };
}
