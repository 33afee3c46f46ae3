/**
 * Layout in columns, in time linear in nodes and wires but for sorting: longest path for the column, medians for the order
 * within it, and boxes pulled towards what they are wired to.
 */

import { COLUMN_GAP, type Points, ROW_GAP, type Sheet } from "./layout.ts";

/** Sweeps to and fro; after a few the order hardly changes. */
const SWEEPS = 6;

interface Box {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly before: Box[];
  readonly after: Box[];
  column: number;
  place: number;
  top: number;
}

export function layOutInColumns(sheet: Sheet): Points {
  const boxes = linked(sheet);
  const columns = columnsOf(boxes);
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    const isForward = sweep % 2 === 0;
    for (const column of isForward ? columns : columns.toReversed()) order(column, isForward);
  }
  return placed(columns);
}

function linked(sheet: Sheet): readonly Box[] {
  const byName = new Map<string, Box>();
  for (const box of sheet.boxes) byName.set(box.name, { ...box, before: [], after: [], column: 0, place: 0, top: 0 });
  for (const [from, to] of sheet.pairs) {
    const source = byName.get(from);
    const target = byName.get(to);
    if (source === undefined || target === undefined) continue;
    source.after.push(target);
    target.before.push(source);
  }
  return [...byName.values()];
}

/** The boxes by column: one more than the furthest before it. Sources then move right, next to what takes from them. */
function columnsOf(boxes: readonly Box[]): readonly Box[][] {
  const waiting = new Map(boxes.map((box) => [box, box.before.length]));
  const sorted = boxes.filter((box) => box.before.length === 0);
  for (const box of sorted) {
    for (const next of box.after) {
      next.column = Math.max(next.column, box.column + 1);
      const left = (waiting.get(next) ?? 0) - 1;
      waiting.set(next, left);
      if (left === 0) sorted.push(next);
    }
  }
  for (const box of sorted.toReversed()) {
    if (box.before.length === 0 && box.after.length > 0) box.column = Math.min(...box.after.map((next) => next.column)) - 1;
  }
  const columns: Box[][] = [];
  for (const box of boxes) (columns[box.column] ??= []).push(box);
  const filled = Array.from(columns, (column) => column);
  filled.forEach((column) => column.forEach((box, place) => (box.place = place)));
  return filled;
}

function order(column: Box[], isForward: boolean): void {
  const wanted = new Map(column.map((box) => [box, median(isForward ? box.before : box.after, box.place)]));
  column.sort((a, b) => (wanted.get(a) ?? 0) - (wanted.get(b) ?? 0) || a.place - b.place);
  column.forEach((box, place) => (box.place = place));
}

function median(neighbours: readonly Box[], fallback: number): number {
  if (neighbours.length === 0) return fallback;
  const places = neighbours.map((box) => box.place).sort((a, b) => a - b);
  const middle = places.length >> 1;
  const upper = places[middle] ?? fallback;
  return places.length % 2 === 1 ? upper : ((places[middle - 1] ?? upper) + upper) / 2;
}

/** Columns from left to right; within each, boxes as near as they may be to the middle of what is before them. */
function placed(columns: readonly Box[][]): Points {
  const points = new Map<string, { x: number; y: number }>();
  let left = 0;
  for (const column of columns) {
    let next = -Infinity;
    for (const box of column) {
      const middle = box.before.reduce((sum, one) => sum + one.top + one.height / 2, 0) / box.before.length;
      const wanted = box.before.length > 0 ? middle - box.height / 2 : next === -Infinity ? 0 : next;
      box.top = Math.max(next, wanted);
      next = box.top + box.height + ROW_GAP;
    }
    pullUp(column);
    for (const box of column) points.set(box.name, { x: left, y: box.top });
    left += Math.max(0, ...column.map((box) => box.width)) + COLUMN_GAP;
  }
  return points;
}

/** A column that grew downwards is moved up by half of what it was pushed. */
function pullUp(column: readonly Box[]): void {
  let pushed = 0;
  for (const box of column) {
    if (box.before.length === 0) continue;
    const middle = box.before.reduce((sum, one) => sum + one.top + one.height / 2, 0) / box.before.length;
    pushed += box.top + box.height / 2 - middle;
  }
  const shift = pushed / Math.max(1, column.length);
  for (const box of column) box.top -= shift;
}
