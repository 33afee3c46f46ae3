/** The address of a graph, and of what is looked at in it. */

export interface Address {
  /** The name of a saved graph; empty for one that has none. */
  readonly graph: string;
  /** The way into the graphs that its nodes stand for, as `lamps[2]/lamp`; empty for the graph itself. */
  readonly within: string;
  readonly node: string;
  readonly run: string;
}

const PAGE = "/g/";

export function readAddress(path: string, query: string): Address {
  const given = new URLSearchParams(query);
  return { graph: path.startsWith(PAGE) ? decoded(path.slice(PAGE.length)) : "", within: given.get("in") ?? "", node: given.get("node") ?? "", run: given.get("run") ?? "" };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export function writeAddress({ graph, within, node, run }: Address): string {
  const query = new URLSearchParams();
  if (within !== "") query.set("in", within);
  if (node !== "") query.set("node", node);
  if (run !== "") query.set("run", run);
  const asked = query.toString();
  return `${graph === "" ? "/" : PAGE + encodeURIComponent(graph)}${asked === "" ? "" : `?${asked}`}`;
}
