/** The canvas: the draft drawn by React Flow near by, by hand from afar. */

import { Background, type EdgeTypes, type NodeTypes, type OnConnectEnd, type OnConnectStart, type OnNodeDrag, ReactFlow, useReactFlow } from "@xyflow/react";
import { type DragEvent, type MouseEvent, useMemo, useRef, useState } from "react";

import { fitOf } from "../core/connect.ts";
import { addReroute } from "../core/edit/notes.ts";
import { type Link, linksOf } from "../core/graph.ts";
import { wirePoints } from "../core/geometry.ts";
import { savedIn } from "../core/levels.ts";
import type { Point } from "../core/view.ts";
import { link, linkBetween, linkingFrom, placeNode } from "../state/actions.ts";
import { setPointer } from "../state/commands.ts";
import { draftNow, edit, sceneIn, sceneNow, typeOfNow, useDocuments } from "../state/documents.ts";
import { readFiles } from "../state/incoming.ts";
import { goInto } from "../state/levels.ts";
import { useSay } from "../state/preferences.ts";
import { detailAt, type Linking, linkIdOf, select, toast, useViews, views } from "../state/views.ts";
import { ASSET_DRAG, dropAsset } from "../panels/assets/drag.ts";
import { NODE_TYPE_DRAG } from "../panels/NodePalette.tsx";
import { FrameBox, NoteBox, RerouteDot } from "./Boxes.tsx";
import { applyEdgeChanges, applyNodeChanges, beginGesture, dropped, wireUnder } from "./changes.ts";
import { ConnectionLine } from "./ConnectionLine.tsx";
import { type FlowEdge, FlowMaker, type FlowNode, portOfHandle } from "./flow.ts";
import { NodeCard } from "./NodeCard.tsx";
import { fittingPorts } from "./PortHandle.tsx";
import { Overview } from "./Overview.tsx";
import { SelectionBar } from "./SelectionBar.tsx";
import { useOverviewPointer } from "./useOverviewPointer.ts";
import { useCanvasKeys } from "./useCanvasKeys.ts";
import { useMenu } from "./useMenu.ts";
import { useStage } from "./useStage.ts";
import { WireEdge } from "./WireEdge.tsx";
import { nearestOn } from "./wirePath.ts";

type DragOf = Parameters<OnNodeDrag<FlowNode>>[0];

const NODE_TYPES: NodeTypes = { node: NodeCard, frame: FrameBox, note: NoteBox, reroute: RerouteDot };
const EDGE_TYPES: EdgeTypes = { wire: WireEdge };
const MORE_KEYS = ["Shift", "Control", "Meta"];
const PAN_BUTTONS = [0, 1];
const NO_NODES: FlowNode[] = [];
const NO_EDGES: FlowEdge[] = [];
/** Below this zoom the dots behind the graph cost more than they help. */
const DOTTED = 0.6;

export function Canvas() {
  const say = useSay();
  const host = useRef<HTMLDivElement>(null);
  const detail = useViews((state) => state.detail);
  const isDotted = useViews((state) => state.zoom >= DOTTED);
  const { nodes, edges } = useFlow();
  const focused = useViews((state) => state.focused);
  const hasFocused = useDocuments((state) => focused !== null && state.history.now.graph.nodes.has(focused));
  useStage(host);
  useCanvasKeys(host);
  useMenu(host);
  const isWaiting = useDocuments((state) => state.history.now.graph.nodes.size > 0) && !hasFocused;
  useOverviewPointer(host, detail === "overview");
  const handlers = useCanvasHandlers();
  return (
    <div ref={host} className={`canvas detail-${detail}`} data-testid="canvas" tabIndex={isWaiting ? 0 : -1} role="application" aria-label={say("canvas.keys")} onPointerMove={(event) => setPointer({ x: event.clientX, y: event.clientY })} onPointerLeave={leave}>
      <ReactFlow<FlowNode, FlowEdge>
        nodes={nodes}
        edges={edges}
        nodeTypes={NODE_TYPES}
        edgeTypes={EDGE_TYPES}
        connectionLineComponent={ConnectionLine}
        connectionRadius={28}
        onlyRenderVisibleElements
        minZoom={0.05}
        maxZoom={2}
        panOnDrag={PAN_BUTTONS}
        selectionKeyCode="Shift"
        multiSelectionKeyCode={MORE_KEYS}
        deleteKeyCode={null}
        zoomOnDoubleClick={false}
        disableKeyboardA11y
        nodesFocusable={false}
        edgesFocusable={false}
        elevateNodesOnSelect={false}
        elevateEdgesOnSelect
        nodeDragThreshold={2}
        {...handlers}
      >
        {isDotted && <Background gap={20} size={1.5} color="var(--dot)" bgColor="transparent" />}
        <SelectionBar />
        {detail === "overview" && <Overview />}
      </ReactFlow>
    </div>
  );
}

/** A popup that opens under the pointer takes it away only in name. */
function leave(): void {
  if (views.getState().search === null) setPointer(null);
}

/** Nodes and edges of the draft. From afar only the node with the keyboard stays an element. */
function useFlow(): { nodes: FlowNode[]; edges: FlowEdge[] } {
  const [maker] = useState(() => new FlowMaker());
  const view = useDocuments((state) => state.history.now.view);
  // Nodes, their types and wires: a value that is edited moves nothing, and is the cards' alone.
  const wiring = useDocuments((state) => sceneIn(state).typing);
  const catalogue = useDocuments((state) => state.catalogue);
  const nodesSelected = useViews((state) => state.nodes);
  const frames = useViews((state) => state.frames);
  const notes = useViews((state) => state.notes);
  const links = useViews((state) => state.links);
  const focused = useViews((state) => state.focused);
  const isFar = useViews((state) => state.detail === "overview");
  return useMemo(() => {
    const now = views.getState();
    const marks = { ...now, nodes: nodesSelected, frames, notes, links, focused };
    if (catalogue.nodes.size === 0) return { nodes: NO_NODES, edges: NO_EDGES };
    const draft = draftNow();
    const nodes = maker.nodesOf(draft, typeOfNow, marks);
    if (isFar) return { nodes: nodes.filter((node) => node.id === focused), edges: NO_EDGES };
    return { nodes, edges: maker.edgesOf(draft, typeOfNow, marks) };
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the draft is looked at again where its view or its wires are others
  }, [maker, view, wiring, catalogue, nodesSelected, frames, notes, links, focused, isFar]);
}

function useCanvasHandlers() {
  const { screenToFlowPosition } = useReactFlow();
  return useMemo(
    () => ({
      onNodesChange: applyNodeChanges,
      onEdgesChange: applyEdgeChanges,
      onNodeDragStart: () => {
        beginGesture();
        views.setState({ isDragging: true });
      },
      onNodeDrag: (event: DragOf, node: FlowNode, dragged: FlowNode[]) => {
        const into = dragged.length === 1 && node.type === "node" && !event.altKey ? wireUnder(node.id) : null;
        if (views.getState().insertInto !== into) views.setState({ insertInto: into });
      },
      onNodeDragStop: (event: DragOf, node: FlowNode, dragged: FlowNode[]) => {
        const { insertInto } = views.getState();
        if (dragged.length === 1 && node.type === "node" && !event.altKey) dropped(node.id, insertInto);
        views.setState({ insertInto: null, isDragging: false });
      },
      onConnectStart: startLink,
      onConnect: () => undefined,
      onConnectEnd: endLink(screenToFlowPosition),
      isValidConnection: isValid,
      onPaneClick: () => {
        select({});
        views.setState({ entered: null });
      },
      onDoubleClick: (event: MouseEvent) => onDoubleClick(event, screenToFlowPosition({ x: event.clientX, y: event.clientY })),
      onMove: (_: unknown, { zoom }: { zoom: number }) => {
        const { detail, zoom: before } = views.getState();
        const next = detailAt(zoom, detail, draftNow().graph.nodes.size);
        if (next !== detail || Math.abs(zoom - before) > 0.001) views.setState({ detail: next, zoom });
      },
      onDragOver: (event: DragEvent) => {
        event.preventDefault();
        event.dataTransfer.dropEffect = "copy";
      },
      onDrop: (event: DragEvent) => {
        event.preventDefault();
        const at = screenToFlowPosition({ x: event.clientX, y: event.clientY });
        const type = event.dataTransfer.getData(NODE_TYPE_DRAG);
        if (type !== "") placeNode(type, at);
        else if (dropAsset(event.dataTransfer.getData(ASSET_DRAG), at)) return;
        else void readFiles([...event.dataTransfer.files], at);
      },
    }),
    [screenToFlowPosition],
  );
}

const startLink: OnConnectStart = (_, { nodeId, handleId, handleType }) => {
  if (nodeId === null || handleId === null) return;
  views.setState({ linking: linkingFrom(handleType === "source" ? "out" : "in", { node: nodeId, port: portOfHandle(handleId) }, false) });
};

function wireBetween(given: { source: string; sourceHandle?: string | null; target: string; targetHandle?: string | null }): Link | undefined {
  if (given.sourceHandle == null || given.targetHandle == null) return undefined;
  return { from: { node: given.source, port: portOfHandle(given.sourceHandle) }, to: { node: given.target, port: portOfHandle(given.targetHandle) } };
}

function isValid(given: { source: string; sourceHandle?: string | null; target: string; targetHandle?: string | null }): boolean {
  const wire = wireBetween(given);
  return wire !== undefined && fitOf(sceneNow(), wire.from, wire.to).kind !== "refused";
}

/** A wire let go: on a port it is made or refused with the reason, on the canvas a search for what it fits opens. */
function endLink(toCanvas: (point: { x: number; y: number }) => { x: number; y: number }): OnConnectEnd {
  return (event, state) => {
    const { linking } = views.getState();
    views.setState({ linking: null });
    if (linking === null) return;
    const touch = "changedTouches" in event ? event.changedTouches[0] : event;
    const screen = { x: touch?.clientX ?? 0, y: touch?.clientY ?? 0 };
    const over = document.elementFromPoint(screen.x, screen.y)?.closest("[data-port]");
    const target = state.toHandle ?? null;
    if (target?.id != null) {
      link(linkBetween(linking, { node: target.nodeId, port: portOfHandle(target.id) }), screen);
      return;
    }
    if (over === null || over === undefined) {
      const node = document.elementFromPoint(screen.x, screen.y)?.closest(".card")?.getAttribute("data-node");
      if (node == null) views.setState({ search: { screen, canvas: toCanvas(screen), need: null, linking } });
      else letGoOn(node, linking, screen, toCanvas(screen));
    }
  };
}

/** A wire let go on a node, beside its ports: it goes to the one that it fits, or to the one that is chosen; those that are not drawn are among them. */
function letGoOn(node: string, linking: Linking, screen: Point, canvas: Point): void {
  const [first, ...others] = fittingPorts(linking).filter((one) => one.node === node);
  if (first === undefined) toast({ key: "refuse.noPort", values: {} }, screen);
  else if (others.length === 0) link(linkBetween(linking, { node, port: first.port }), screen);
  else views.setState({ search: { screen, canvas, need: null, linking, within: node } });
}

/** On the canvas a double click opens search, on a wire it adds a reroute, on a name it renames. */
function onDoubleClick(event: MouseEvent, at: { x: number; y: number }): void {
  if (!(event.target instanceof Element)) return;
  const edge = event.target.closest(".react-flow__edge")?.getAttribute("data-id");
  const wire = edge == null ? undefined : [...linksOf(draftNow().graph)].find((one) => linkIdOf(one) === edge);
  if (wire !== undefined && edge != null) {
    const [from, to] = wirePoints(draftNow(), typeOfNow, wire.from, wire.to);
    const points = [from, ...(draftNow().view.reroutes.get(edge) ?? []), to];
    edit("deed.reroute", (draft) => addReroute(draft, edge, nearestOn(points, at).segment, { x: Math.round(at.x), y: Math.round(at.y) }));
    return;
  }
  // The pane holds nodes too: what is meant is where there are none.
  if (event.target.closest(".react-flow__pane") !== null && event.target.closest(".react-flow__node, .selection-bar") === null) {
    views.setState({ search: { screen: { x: event.clientX, y: event.clientY }, canvas: at, need: null, linking: null } });
    return;
  }
  const name = event.target.closest("[data-node]")?.getAttribute("data-node");
  if (name == null || event.target.closest("button, input, textarea, select, [data-port]") !== null) return;
  // A node that stands for a graph is gone into; another is given a name.
  if (savedIn(draftNow().graph.nodes.get(name)?.type) !== undefined) void goInto(name);
  else if (event.target.closest(".head") !== null) views.setState({ renaming: name });
}

