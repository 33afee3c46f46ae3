/** The menu of a node, a wire or the canvas: the same commands as anywhere else, with their keys. */

import { useRef } from "react";
import { Menu, MenuItem, MenuSection, Popover } from "react-aria-components";

import { commandOf, type CommandId, isCommand, isEnabled, runCommand, shortcutOf } from "../state/commands.ts";
import { useSay } from "../state/preferences.ts";
import { type MenuAt, views } from "../state/views.ts";

/** Commands by what the menu is for; a section is left out where nothing of it can be done. */
const SECTIONS = {
  node: [
    ["runTo", "rename", "bypass", "collapse"],
    ["copy", "cut", "duplicate", "delete"],
    ["frame", "unframe", "pack", "goInto", "openPart", "unpack"],
    ["alignLeft", "alignTop", "distributeX", "distributeY", "layout"],
  ],
  wire: [["reroute", "hide", "delete"]],
  canvas: [
    ["search", "note", "paste"],
    ["undo", "redo"],
    ["selectAll", "find", "layout", "fit"],
    ["run", "palette"],
  ],
} as const satisfies Record<MenuAt["kind"], readonly (readonly CommandId[])[]>;

export default function ContextMenu({ at }: { readonly at: MenuAt }) {
  const say = useSay();
  const place = useRef<HTMLSpanElement>(null);
  const close = () => views.setState({ menu: null });
  const given: readonly (readonly CommandId[])[] = SECTIONS[at.kind];
  const sections = given.map((section) => section.filter(isEnabled)).filter((section) => section.length > 0);
  const label = say(`menu.${at.kind}`);
  return (
    <>
      <span ref={place} className="menu-place" style={{ left: at.screen.x, top: at.screen.y }} />
      <Popover key={`${String(at.screen.x)} ${String(at.screen.y)}`} className="menu-popover" aria-label={label} isOpen onOpenChange={(isOpen) => !isOpen && close()} triggerRef={place} placement="bottom start" offset={2}>
        <Menu
          className="menu"
          aria-label={label}
          autoFocus="first"
          data-testid={`menu:${at.kind}`}
          onClose={close}
          onAction={(id) => {
            // What the command needs of the menu's place it takes before the menu is gone.
            if (typeof id === "string" && isCommand(id)) runCommand(id);
            close();
          }}
        >
          {sections.map((section, number) => (
            <MenuSection key={number} className="menu-section" aria-label={say(commandOf(section[0] ?? "palette").title)}>
              {section.map((id) => (
                <MenuItem key={id} id={id} className="menu-item" textValue={say(commandOf(id).title)} data-testid={`menu-item:${id}`}>
                  <span>{say(commandOf(id).title)}</span>
                  <kbd>{shortcutOf(id)}</kbd>
                </MenuItem>
              ))}
            </MenuSection>
          ))}
        </Menu>
      </Popover>
    </>
  );
}
