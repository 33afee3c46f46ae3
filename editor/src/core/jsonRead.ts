/** Reads JSON text with every fault that the engine would tell of it (G001 to G006). */

import { failed, type Fault, ok, type Result } from "./fault.ts";
import { Float, type Json, LARGEST_INTEGER, pointer } from "./json.ts";

/** Nesting at which reading stops, whatever is in it. */
const MOST_NESTED = 900;
const NUMBER = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
const BLANK = /[ \t\n\r]*/y;
const PLAIN = /[^"\\\u0000-\u001f]*/y;
const HALF_PAIR = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '"'], ["\\", "\\"], ["/", "/"], ["b", "\b"], ["f", "\f"], ["n", "\n"], ["r", "\r"], ["t", "\t"],
]);

/** Thrown where the text cannot be read on; never leaves this file. */
class Stopped extends Error {
  readonly fault: Fault;

  constructor(fault: Fault) {
    super(fault.code);
    this.fault = fault;
  }
}

/** The value that a text holds, or every fault of the text. */
export function readJson(text: string): Result<Json> {
  const reader = new Reader(text.startsWith("\ufeff") ? text.slice(1) : text);
  try {
    const value = reader.whole();
    return reader.faults.length > 0 ? failed(...reader.faults) : ok(value);
  } catch (error) {
    if (error instanceof Stopped) return failed(error.fault);
    throw error;
  }
}

class Reader {
  readonly faults: Fault[] = [];
  private readonly path: (string | number)[] = [];
  private readonly text: string;
  private at = 0;
  private depth = 0;

  constructor(text: string) {
    this.text = text;
  }

  whole(): Json {
    const value = this.value();
    this.blank();
    if (this.at < this.text.length) this.stop();
    return value;
  }

  private value(): Json {
    this.blank();
    switch (this.text[this.at]) {
      case "{":
        return this.object();
      case "[":
        return this.list();
      case '"':
        return this.clean(this.string());
      case "t":
        return this.word("true", true);
      case "f":
        return this.word("false", false);
      case "n":
        return this.word("null", null);
      case "N":
        return this.noNumber("NaN");
      case "I":
        return this.noNumber("Infinity");
      default:
        return this.text.startsWith("-Infinity", this.at) ? this.noNumber("-Infinity") : this.number();
    }
  }

  private object(): Json {
    const found = new Map<string, Json>();
    this.enter();
    if (!this.took("}")) {
      do {
        this.blank();
        if (this.text[this.at] !== '"') this.stop();
        const key = this.clean(this.string());
        this.path.push(key);
        if (found.has(key)) this.tell("G002", { key: "fault.twice", values: { name: key } });
        if (!this.took(":")) this.stop();
        found.set(key, this.value());
        this.path.pop();
      } while (this.took(","));
      if (!this.took("}")) this.stop();
    }
    this.depth -= 1;
    return found;
  }

  private list(): Json {
    const found: Json[] = [];
    this.enter();
    if (!this.took("]")) {
      do {
        this.path.push(found.length);
        found.push(this.value());
        this.path.pop();
      } while (this.took(","));
      if (!this.took("]")) this.stop();
    }
    this.depth -= 1;
    return found;
  }

  private enter(): void {
    this.at += 1;
    this.depth += 1;
    if (this.depth > MOST_NESTED) {
      throw new Stopped({ code: "G005", at: "", said: { key: "fault.deep", values: { most: MOST_NESTED } } });
    }
  }

  private string(): string {
    this.at += 1;
    let read = this.plain();
    for (;;) {
      const next = this.text[this.at];
      if (next === '"') break;
      if (next !== "\\") this.stop();
      read += this.escape() + this.plain();
    }
    this.at += 1;
    return read;
  }

  private plain(): string {
    PLAIN.lastIndex = this.at;
    const found = PLAIN.exec(this.text)?.[0] ?? "";
    this.at += found.length;
    return found;
  }

  private escape(): string {
    const mark = this.text[this.at + 1] ?? "";
    const plain = ESCAPES.get(mark);
    if (plain !== undefined) {
      this.at += 2;
      return plain;
    }
    const digits = this.text.slice(this.at + 2, this.at + 6);
    if (mark !== "u" || !/^[0-9a-fA-F]{4}$/.test(digits)) this.stop();
    this.at += 6;
    return String.fromCharCode(Number.parseInt(digits, 16));
  }

  private clean(text: string): string {
    if (!HALF_PAIR.test(text)) return text;
    this.tell("G006", { key: "fault.halfPair", values: {} });
    return "";
  }

  private number(): Json {
    NUMBER.lastIndex = this.at;
    const found = NUMBER.exec(this.text);
    if (found === null) this.stop();
    const [text, fraction, exponent] = found;
    this.at += text.length;
    const value = Number(text);
    if (fraction === undefined && exponent === undefined) {
      return Math.abs(value) <= LARGEST_INTEGER && isExact(text, value) ? value + 0 : this.badNumber(text);
    }
    if (!Number.isFinite(value)) return this.badNumber(text);
    return Number.isInteger(value) ? new Float(value + 0) : value;
  }

  private noNumber(text: string): Json {
    if (!this.text.startsWith(text, this.at)) this.stop();
    this.at += text.length;
    return this.badNumber(text);
  }

  private badNumber(text: string): Json {
    const shown = text.length <= 40 ? text : `${text.slice(0, 20)}...`;
    this.tell("G003", { key: "fault.number", values: { text: shown } });
    return 0;
  }

  private word<T extends Json>(text: string, value: T): T {
    if (!this.text.startsWith(text, this.at)) this.stop();
    this.at += text.length;
    return value;
  }

  private took(mark: string): boolean {
    this.blank();
    if (this.text[this.at] !== mark) return false;
    this.at += 1;
    return true;
  }

  private blank(): void {
    BLANK.lastIndex = this.at;
    this.at += BLANK.exec(this.text)?.[0].length ?? 0;
  }

  private tell(code: string, said: Fault["said"]): void {
    this.faults.push({ code, at: pointer(...this.path), said });
  }

  private stop(): never {
    const before = this.text.slice(0, this.at).split("\n");
    const values = { line: before.length, column: (before.at(-1) ?? "").length + 1 };
    throw new Stopped({ code: "G001", at: "", said: { key: "fault.malformed", values } });
  }
}

/** Whether an integer's text is what the number is: beyond 2^53 two texts share one number. */
function isExact(text: string, value: number): boolean {
  return text.length < 16 || BigInt(text) === BigInt(value);
}
