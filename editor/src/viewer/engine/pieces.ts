/** Things beside a scene that are not in it yet: each a value of a node, or a box that stands for one. */

import { Box3, BoxGeometry, EdgesGeometry, Group, LineBasicMaterial, LineSegments, Mesh, MeshStandardMaterial, type Object3D, Vector3 } from "three";

import type { Piece } from "../assembly.ts";
import type { Thing } from "./content.ts";
import type { Library } from "./library.ts";
import type { MakePainter } from "./splatReader.ts";

/** A thing with the piece that it shows. */
export interface PieceThing extends Thing {
  readonly piece: Piece;
}

/** What is shown beside a content. */
export interface Extras {
  readonly root: Object3D;
  readonly things: readonly Thing[];
  readonly painter: MakePainter | null;
}

interface Placed {
  piece: Piece;
  readonly group: Group;
  /** The digest that is shown; null for a box. */
  digest: string | null;
  painter: MakePainter | null;
}

const SOLID = new MeshStandardMaterial({ color: 0x8b94a3, transparent: true, opacity: 0.16, depthWrite: false });
const EDGE = new LineBasicMaterial({ color: 0x8b94a3, transparent: true, opacity: 0.7 });
const CUBE = new BoxGeometry(1, 1, 1);
const EDGES = new EdgesGeometry(CUBE);

export class Pieces {
  readonly root = new Group();
  private readonly placed = new Map<string, Placed>();
  private readonly library: Library;
  private readonly changed: () => void;
  private isOver = false;

  constructor(library: Library, changed: () => void) {
    this.library = library;
    this.changed = changed;
  }

  get things(): readonly PieceThing[] {
    return [...this.placed.values()].map(({ piece, group, digest }) => ({ name: piece.label, role: digest === null ? "box" : "piece", object: group, vertices: 0, piece }));
  }

  /** What a view takes to draw them beyond three.js, or null. */
  get painter(): MakePainter | null {
    return [...this.placed.values()].find(({ painter }) => painter !== null)?.painter ?? null;
  }

  show(pieces: readonly Piece[]): void {
    const wanted = new Set(pieces.map(({ id }) => id));
    for (const [id, one] of this.placed) if (!wanted.has(id)) this.drop(id, one);
    for (const piece of pieces) {
      const known = this.placed.get(piece.id) ?? this.begin(piece);
      known.piece = piece;
      known.group.position.set(piece.at[0], 0, piece.at[1]);
      if (piece.digest !== null && piece.digest !== known.digest) void this.fill(known, piece.digest);
    }
    this.changed();
  }

  dispose(): void {
    this.isOver = true;
    for (const [id, one] of this.placed) this.drop(id, one);
  }

  private begin(piece: Piece): Placed {
    const group = new Group();
    const box = new Group().add(new Mesh(CUBE, SOLID), new LineSegments(EDGES, EDGE));
    const [width, height, depth] = piece.size;
    box.scale.set(Math.max(0.02, width), Math.max(0.02, height), Math.max(0.02, depth));
    box.position.y = height / 2;
    group.add(box);
    this.root.add(group);
    const made: Placed = { piece, group, digest: null, painter: null };
    this.placed.set(piece.id, made);
    return made;
  }

  private async fill(placed: Placed, digest: string): Promise<void> {
    placed.digest = digest;
    try {
      const { content } = await this.library.acquire(digest);
      if (this.isOver || this.placed.get(placed.piece.id) !== placed || placed.digest !== digest) {
        this.library.release(digest);
        return;
      }
      // Another view may show the same one: it has one place in one scene, so that here stands a likeness.
      const shown: Object3D = content.likeness();
      const bounds = new Box3().setFromObject(shown);
      const center = bounds.getCenter(new Vector3());
      if (!bounds.isEmpty()) shown.position.set(-center.x, -bounds.min.y, -center.z);
      placed.group.clear();
      placed.group.add(shown);
      placed.painter = content.painter;
    } catch {
      // The box stays for what cannot be shown; the node itself says what is wrong with it.
      placed.digest = null;
    }
    this.changed();
  }

  private drop(id: string, { group, digest }: Placed): void {
    this.placed.delete(id);
    this.root.remove(group);
    group.clear();
    if (digest !== null) this.library.release(digest);
  }
}
