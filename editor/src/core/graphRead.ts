/** Reads a graph document with every fault of its shape, told as the engine tells it. */

import { type Fault, failed, ok, type Result } from "./fault.ts";
import { FORMAT, type Graph, type GraphNode, type Input, type Parameter, type Wire, wireOf } from "./graph.ts";
import { depthOf, Float, isList, isObject, type Json, type JsonObject, MOST_DEPTH, normal, pointer } from "./json.ts";
import { readJson } from "./jsonRead.ts";
import { isName } from "./names.ts";
import { isType } from "./types.ts";

const NODE_KEYS = ["type", "version", "inputs", "for_each", "bypass"];
const PARAMETER_KEYS = ["type", "default", "help", "unit", "minimum", "maximum", "choices"];
const GRAPH_KEYS = ["format", "title", "description", "parameters", "nodes", "results", "view"];

/** A document as it was read: the graph, and its `view` as JSON. */
export interface Document {
  readonly graph: Graph;
  readonly view: Json;
}

/** The document in a text, or every fault of text and shape. */
export function readGraph(text: string): Result<Document> {
  const read = readJson(text);
  return read.isOk ? parseGraph(read.value) : read;
}

/** The document in a JSON tree, or every fault of its shape. */
export function parseGraph(tree: Json): Result<Document> {
  if (!isObject(tree)) return failed({ code: "G009", at: "", said: { key: "fault.shape", values: { wanted: "{ }" } } });
  const format = tree.get("format");
  if (format !== FORMAT) {
    const isNewer = typeof format === "number" && Number.isInteger(format) && format > FORMAT;
    const key = isNewer ? "fault.newer" : "fault.format";
    return failed({ code: "G007", at: "/format", said: { key, values: { given: shown(format), known: FORMAT } } });
  }
  const parser = new Parser();
  const document = parser.document(tree);
  return parser.faults.length > 0 ? failed(...parser.faults) : ok(document);
}

function shown(value: Json | undefined): string {
  if (value === undefined) return "-";
  if (typeof value === "string") return value.slice(0, 40);
  return typeof value === "number" || typeof value === "boolean" ? String(value) : "?";
}

class Parser {
  readonly faults: Fault[] = [];

  document(tree: JsonObject): Document {
    this.knownKeys("", tree, GRAPH_KEYS);
    if (!tree.has("nodes")) this.shape("", "nodes");
    const nodes = this.object(tree, "nodes", "/nodes");
    const parameters = this.object(tree, "parameters", "/parameters");
    const results = this.object(tree, "results", "/results");
    const view = tree.get("view") ?? null;
    return {
      graph: {
        title: this.text(tree, "title", ""),
        description: this.text(tree, "description", ""),
        parameters: mapped(parameters, (name, one) => this.parameter(name, one)),
        nodes: mapped(nodes, (name, one) => this.node(name, one)),
        results: mapped(results, (name, one) => this.result(name, one)),
      },
      view: view === null ? null : this.normal("/view", view),
    };
  }

  private node(name: string, given: Json): GraphNode {
    const at = pointer("nodes", name);
    this.name(at, name);
    if (!isObject(given)) {
      this.shape(at, "{ }");
      return { type: "", inputs: new Map(), forEach: [], isBypassed: false, version: null };
    }
    this.knownKeys(at, given, NODE_KEYS);
    if (!given.has("type")) this.shape(at, "type");
    const inputs = this.object(given, "inputs", `${at}/inputs`);
    return {
      type: this.text(given, "type", at),
      inputs: mapped(inputs, (port, one) => this.input(at, port, one)),
      forEach: this.forEach(given.get("for_each"), `${at}/for_each`),
      isBypassed: this.flag(given.get("bypass"), `${at}/bypass`),
      version: this.version(given.get("version"), `${at}/version`),
    };
  }

  private flag(given: Json | undefined, at: string): boolean {
    if (given !== undefined && typeof given !== "boolean") this.shape(at, "true / false");
    return given === true;
  }

  private version(given: Json | undefined, at: string): number | null {
    if (given === undefined) return null;
    if (typeof given === "number" && Number.isInteger(given) && given >= 1) return given;
    this.shape(at, "1, 2, ...");
    return null;
  }

  private forEach(given: Json | undefined, at: string): readonly string[] {
    if (given === undefined) return [];
    const ports = isList(given) ? given.filter((port) => typeof port === "string") : [];
    if (!isList(given) || given.length === 0 || ports.length < given.length) {
      this.shape(at, '["port"]');
      return [];
    }
    if (new Set(ports).size < ports.length) this.tell("G109", at, { key: "fault.namedTwice", values: {} });
    return ports;
  }

  private input(nodeAt: string, port: string, given: Json): Input {
    const at = nodeAt + pointer("inputs", port);
    if (!isObject(given)) return { kind: "value", value: this.normal(at, given) };
    const [entry, ...more] = [...given];
    if (entry !== undefined && more.length === 0) {
      const [kind, value] = entry;
      if (kind === "wire") return { kind, wire: this.wire(`${at}/wire`, value) };
      if (kind === "param" && typeof value === "string") return { kind, name: value };
      if (kind === "value") return { kind, value: this.normal(at, value) };
    }
    this.shape(at, '{"wire"} / {"param"} / {"value"}');
    return { kind: "value", value: null };
  }

  private wire(at: string, given: Json): Wire {
    const wire = typeof given === "string" ? wireOf(given) : undefined;
    if (wire === undefined) this.shape(at, '"node.port"');
    return wire ?? { node: "", port: "" };
  }

  private result(name: string, given: Json): Wire {
    const at = pointer("results", name);
    this.name(at, name);
    return this.wire(at, given);
  }

  private parameter(name: string, given: Json): Parameter {
    const at = pointer("parameters", name);
    this.name(at, name);
    if (!isObject(given)) {
      this.shape(at, "{ }");
      return { type: "json", help: "", unit: "", choices: [] };
    }
    this.knownKeys(at, given, PARAMETER_KEYS);
    const parameter: Parameter = {
      type: this.parameterType(given, at),
      help: this.text(given, "help", at),
      unit: this.text(given, "unit", at),
      choices: this.choices(given.get("choices"), `${at}/choices`),
    };
    const fallback = given.get("default");
    return {
      ...parameter,
      ...(fallback === undefined ? {} : { default: this.normal(`${at}/default`, fallback) }),
      ...this.bound(given, "minimum", at),
      ...this.bound(given, "maximum", at),
    };
  }

  private bound(given: JsonObject, key: "minimum" | "maximum", at: string): Partial<Parameter> {
    const bound = given.get(key);
    if (typeof bound === "number" || bound instanceof Float) return { [key]: bound };
    if (bound !== undefined) this.shape(`${at}/${key}`, "0");
    return {};
  }

  private choices(given: Json | undefined, at: string): readonly Json[] {
    if (given === undefined) return [];
    const choices = this.normal(at, given);
    if (isList(choices)) return choices;
    this.shape(at, "[ ]");
    return [];
  }

  private parameterType(given: JsonObject, at: string): string {
    if (!given.has("type")) this.shape(at, "type");
    const type = this.text(given, "type", at);
    if (type !== "" && !isType(type)) {
      this.shape(`${at}/type`, "text, list[image], file?");
      return "json";
    }
    return type || "json";
  }

  private knownKeys(at: string, given: JsonObject, known: readonly string[]): void {
    for (const key of given.keys()) {
      if (!known.includes(key)) this.tell("G008", at + pointer(key), { key: "fault.unknownKey", values: { name: key } });
    }
  }

  private object(given: JsonObject, key: string, at: string): JsonObject {
    const found = given.get(key);
    if (isObject(found)) return found;
    if (found !== undefined) this.shape(at, "{ }");
    return new Map<string, Json>();
  }

  private text(given: JsonObject, key: string, at: string): string {
    const found = given.get(key);
    if (typeof found === "string") return found;
    if (found !== undefined) this.shape(at + pointer(key), '" "');
    return "";
  }

  private name(at: string, name: string): void {
    if (!isName(name)) this.tell("G010", at, { key: "fault.name", values: { name: name.slice(0, 100) } });
  }

  private normal(at: string, given: Json): Json {
    if (depthOf(given) <= MOST_DEPTH) return normal(given);
    this.tell("G005", at, { key: "fault.deep", values: { most: MOST_DEPTH } });
    return null;
  }

  private shape(at: string, wanted: string): void {
    this.tell("G009", at, { key: "fault.shape", values: { wanted } });
  }

  private tell(code: string, at: string, said: Fault["said"]): void {
    this.faults.push({ code, at, said });
  }
}

function mapped<T>(given: JsonObject, read: (name: string, value: Json) => T): ReadonlyMap<string, T> {
  return new Map([...given].map(([name, value]) => [name, read(name, value)]));
}
