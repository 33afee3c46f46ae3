/**
 * Port types as they are written: `mesh`, `list[mesh]`, `image?`, `$T`. Which words fit which is the engine's table, shipped
 * with the catalogue; tests hold what is said here of lists and optional values to the engine's own answers.
 */

/** For each base type the base types that it fits besides itself. */
export type TypeTable = ReadonlyMap<string, ReadonlySet<string>>;

const WORD = /^[\p{L}\p{Nl}\p{No}_][\p{L}\p{N}_.-]*$/u;
const MOST_TYPE = 100;
/** Types whose value may come from a parameter of type `text`, which is checked before a run. */
const TEXTS: ReadonlySet<string> = new Set(["choice", "color", "file"]);

/** Whether a text is written as a port type; whether its word is known is another question. */
export function isType(text: string): boolean {
  let bare = text;
  while (!WORD.test(bare)) {
    if (bare.endsWith("?") && !bare.endsWith("??")) bare = bare.slice(0, -1);
    else if (bare.startsWith("list[") && bare.endsWith("]")) bare = bare.slice(5, -1);
    else return false;
  }
  return text.length <= MOST_TYPE;
}

/** The innermost word: `mesh` for `list[mesh]?`. */
export function baseOf(type: string): string {
  let bare = type;
  for (;;) {
    if (bare.endsWith("?")) bare = bare.slice(0, -1);
    else if (bare.startsWith("list[")) bare = bare.slice(5, -1);
    else return bare;
  }
}

/** The type of a list's items, or undefined where the type is no list. */
export function itemOf(type: string): string | undefined {
  const bare = withoutMark(type);
  return bare.startsWith("list[") ? bare.slice(5, -1) : undefined;
}

export function listOf(item: string): string {
  return `list[${item}]`;
}

export function isOptional(type: string): boolean {
  return type.endsWith("?");
}

export function isGeneric(type: string): boolean {
  return baseOf(type).startsWith("$");
}

/** Whether a value of type `given` may go into a port of type `wanted`. */
export function fits(table: TypeTable, given: string, wanted: string): boolean {
  if (given === wanted || wanted === "any" || wanted === "any?") return true;
  if (wanted.endsWith("?")) return fits(table, withoutMark(given), wanted.slice(0, -1));
  if (given.endsWith("?")) return false;
  if (given.startsWith("list[")) {
    if (wanted.startsWith("list[")) return fits(table, given.slice(5, -1), wanted.slice(5, -1));
    return wanted === "json" && fits(table, given.slice(5, -1), "json");
  }
  return table.get(given)?.has(wanted) ?? false;
}

/** Whether a parameter of type `given` may go into a port of type `wanted`. */
export function fitsParameter(table: TypeTable, given: string, wanted: string): boolean {
  const word = baseOf(wanted);
  return fits(table, given, wanted) || (TEXTS.has(word) && fits(table, given, wanted.replace(word, "text")));
}

/** What the type variables of a node stand for, as its inputs have shown. */
export type Bound = Map<string, string>;

/** What a port takes once it is known what it is given: the same, but for a generic port, whose variable is bound. */
export function boundTo(wanted: string, gives: string, bound: Bound): string {
  const variable = baseOf(wanted);
  if (!variable.startsWith("$")) return wanted;
  if (!bound.has(variable)) bound.set(variable, learned(wanted, gives, variable));
  return put(wanted, bound);
}

/** A generic type with what its variable stands for put in. */
export function put(type: string, bound: ReadonlyMap<string, string>): string {
  const variable = baseOf(type);
  if (!variable.startsWith("$")) return type;
  return type.replace(variable, bound.get(variable) ?? "any").replace("??", "?");
}

/** What the variable of `wanted` must stand for, so that `gives` fits. */
function learned(wanted: string, gives: string, variable: string): string {
  let inner = gives;
  let outer = wanted;
  while (outer !== variable && (outer.endsWith("?") || outer.startsWith("list["))) {
    if (outer.endsWith("?")) {
      outer = outer.slice(0, -1);
      inner = withoutMark(inner);
    } else {
      outer = outer.slice(5, -1);
      inner = itemOf(inner) ?? inner;
    }
  }
  return inner;
}

function withoutMark(type: string): string {
  return type.endsWith("?") ? type.slice(0, -1) : type;
}
