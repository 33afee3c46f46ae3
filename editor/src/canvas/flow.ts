/** The draft as React Flow takes it. Objects stay the same as long as nothing of them changed, so that little is drawn anew. */

import { type Edge, type Node, type NodeHandle, Position } from "@xyflow/react";

import type { NodeType } from "../core/catalogue.ts";
import type { Draft } from "../core/draft.ts";
import { placeOf } from "../core/draft.ts";
import { frameRect, type Rect, shapeOf, type TypeOf } from "../core/geometry.ts";
import { linksOf, wireText } from "../core/graph.ts";
import type { Views } from "../state/views.ts";

export type FlowKind = "node" | "frame" | "note" | "reroute";
export type FlowNode = Node<Record<string, never>, FlowKind>;
export type FlowEdge = Edge<Record<string, never>, "wire">;

const NO_DATA: Record<string, never> = {};

/** Names begin with letters, so that these cannot be taken for nodes. */
export const FRAME = "$frame:";
export const NOTE = "$note:";
export const REROUTE = "$reroute:";
/** Half the side of a port. */
export const PORT = 6;
const DOT = 12;
/** React Flow lifts a selected wire by 1000; a point on it must still be taken hold of. */
const ABOVE_WIRES = 2000;

export function handleOf(side: "in" | "out", port: string): string {
  return `${side}:${port}`;
}

export function portOfHandle(handle: string): string {
  return handle.slice(handle.indexOf(":") + 1);
}

interface Kept {
  readonly rect: Rect;
  readonly type: NodeType | null;
  readonly isSelected: boolean;
  readonly isPinned: boolean;
  readonly node: FlowNode;
}

const handles = new WeakMap<NodeType, Map<boolean, NodeHandle[]>>();

/** The ports of a type with their places, so that React Flow never measures them. */
function handlesOf(type: NodeType, isCollapsed: boolean): NodeHandle[] {
  const known = handles.get(type) ?? new Map<boolean, NodeHandle[]>();
  handles.set(type, known);
  const found = known.get(isCollapsed);
  if (found !== undefined) return found;
  const shape = shapeOf(type, isCollapsed);
  const size = { width: 2 * PORT, height: 2 * PORT };
  const made: NodeHandle[] = [
    ...[...shape.inputs].map(([port, y]) => ({ id: handleOf("in", port), type: "target" as const, position: Position.Left, x: -PORT, y: y - PORT, ...size })),
    ...[...shape.outputs].map(([port, y]) => ({ id: handleOf("out", port), type: "source" as const, position: Position.Right, x: shape.width - PORT, y: y - PORT, ...size })),
  ];
  known.set(isCollapsed, made);
  return made;
}

/** Makes the nodes and edges of a draft, keeping those that are as they were. */
export class FlowMaker {
  private nodes = new Map<string, Kept>();
  private edges = new Map<string, FlowEdge>();
  private nodeList: FlowNode[] = [];
  private edgeList: FlowEdge[] = [];

  nodesOf(draft: Draft, typeOf: TypeOf, views: Views): FlowNode[] {
    const next = new Map<string, Kept>();
    for (const [id, frame] of draft.view.frames) {
      const rect = frameRect(draft, typeOf, frame);
      if (rect !== undefined) this.keep(next, FRAME + id, "frame", rect, null, views.frames.has(id), false, -2);
    }
    for (const [id, note] of draft.view.notes) this.keep(next, NOTE + id, "note", note, null, views.notes.has(id), false, -1);
    for (const name of draft.graph.nodes.keys()) {
      const type = typeOf(name);
      const place = placeOf(draft, name);
      const { width, height } = shapeOf(type, place.isCollapsed);
      const isPinned = name === views.focused;
      this.keep(next, name, "node", { x: place.x, y: place.y, width, height }, type, views.nodes.has(name), isPinned, 1);
    }
    for (const [input, points] of draft.view.reroutes) {
      points.forEach((point, at) => {
        const rect = { x: point.x - DOT / 2, y: point.y - DOT / 2, width: DOT, height: DOT };
        this.keep(next, `${REROUTE}${input}#${String(at)}`, "reroute", rect, null, false, false, ABOVE_WIRES);
      });
    }
    this.nodes = next;
    this.nodeList = sameOr(this.nodeList, [...next.values()].map(({ node }) => node));
    return this.nodeList;
  }

  private keep(next: Map<string, Kept>, id: string, kind: FlowKind, rect: Rect, type: NodeType | null, isSelected: boolean, isPinned: boolean, zIndex: number): void {
    const old = this.nodes.get(id);
    const isSame =
      old?.rect.x === rect.x && old.rect.y === rect.y && old.rect.width === rect.width && old.rect.height === rect.height &&
      old.type === type && old.isSelected === isSelected && old.isPinned === isPinned;
    if (isSame) {
      next.set(id, old);
      return;
    }
    const { width, height } = rect;
    const node: FlowNode = {
      id,
      type: kind,
      position: { x: rect.x, y: rect.y },
      width,
      height,
      measured: { width, height },
      handles: type === null ? [] : handlesOf(type, isCollapsedAs(type, height)),
      data: NO_DATA,
      selected: isSelected,
      // React Flow keeps what is dragged mounted, in view or not: the node with the keyboard is kept the same way.
      dragging: isPinned,
      zIndex,
      focusable: false,
      ...(kind === "node" ? {} : { dragHandle: ".grip" }),
    };
    next.set(id, { rect, type, isSelected, isPinned, node });
  }

  edgesOf(draft: Draft, typeOf: TypeOf, views: Views): FlowEdge[] {
    const next = new Map<string, FlowEdge>();
    for (const { from, to } of linksOf(draft.graph)) {
      const id = wireText(to);
      const isDrawn =
        shapeOf(typeOf(from.node), false).outputs.has(from.port) && shapeOf(typeOf(to.node), false).inputs.has(to.port);
      if (!isDrawn) continue;
      const old = this.edges.get(id);
      const isSelected = views.links.has(id);
      const isSame = old?.source === from.node && old.sourceHandle === handleOf("out", from.port) && old.selected === isSelected;
      next.set(
        id,
        isSame
          ? old
          : {
              id,
              type: "wire",
              source: from.node,
              sourceHandle: handleOf("out", from.port),
              target: to.node,
              targetHandle: handleOf("in", to.port),
              selected: isSelected,
              focusable: false,
              data: NO_DATA,
            },
      );
    }
    this.edges = next;
    this.edgeList = sameOr(this.edgeList, [...next.values()]);
    return this.edgeList;
  }
}

/** The list before where the next holds the same: React Flow goes through all of a list that is another. */
function sameOr<T>(before: T[], next: T[]): T[] {
  return before.length === next.length && before.every((one, at) => one === next[at]) ? before : next;
}

function isCollapsedAs(type: NodeType, height: number): boolean {
  return shapeOf(type, false).height !== height;
}
