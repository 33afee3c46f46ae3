/** Contents by digest: read once, shared by every view that shows them, let go of when nobody does. */

import { bytesOf } from "../source.ts";
import { type Content, ContentError, emptyContent, readContent } from "./content.ts";
import { dress, type Dressed } from "./dressing.ts";

export interface Staged {
  readonly content: Content;
  readonly dressed: Dressed;
}

interface Kept {
  readonly staged: Promise<Staged>;
  uses: number;
  used: number;
}

/** Contents that stay though nobody shows them, since who comes back would wait for them again. */
const SPARE = 6;

export class Library {
  private readonly kept = new Map<string, Kept>();
  private readonly fetch: (digest: string) => Promise<ArrayBuffer>;
  private uses = 0;

  constructor(fetch: (digest: string) => Promise<ArrayBuffer>) {
    this.fetch = fetch;
  }

  /** The content of a digest; given back by `release`. Rejects with `ContentError`. */
  acquire(digest: string): Promise<Staged> {
    const known = this.kept.get(digest) ?? { staged: this.stage(digest), uses: 0, used: 0 };
    this.kept.set(digest, known);
    known.uses += 1;
    this.uses += 1;
    known.used = this.uses;
    return known.staged;
  }

  release(digest: string): void {
    const known = this.kept.get(digest);
    if (known === undefined) return;
    known.uses -= 1;
    const spare = [...this.kept].filter(([, one]) => one.uses <= 0).sort(([, one], [, other]) => one.used - other.used);
    for (const [other] of spare.slice(0, Math.max(0, spare.length - SPARE))) this.drop(other);
  }

  private async stage(digest: string): Promise<Staged> {
    try {
      const content = await readContent(await this.fetch(digest));
      return { content, dressed: dress(content) };
    } catch (error) {
      // What could not be had once may be there the next time.
      this.kept.delete(digest);
      throw error;
    }
  }

  private drop(digest: string): void {
    const known = this.kept.get(digest);
    this.kept.delete(digest);
    void known?.staged.then(
      ({ content, dressed }) => {
        dressed.dispose();
        content.dispose();
      },
      () => undefined,
    );
  }
}

/** A stage with light and nothing else. */
export function bareStage(): Staged {
  const content = emptyContent();
  return { content, dressed: dress(content) };
}

async function fetched(digest: string): Promise<ArrayBuffer> {
  try {
    return await bytesOf(digest);
  } catch {
    throw new ContentError("gone");
  }
}

export const library = new Library(fetched);
