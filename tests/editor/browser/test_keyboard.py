"""The keyboard and the screen reader: between nodes, into them and out again, and the outline as their twin."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.support.editing import choose, command, graph_document, head, node, open_graph, selected, until

CHAIN = graph_document(
    {
        "first": {"type": "t/doubled", "inputs": {"x": 1}, "at": [0, 0]},
        "second": {"type": "t/doubled", "inputs": {"x": "@first.value"}, "at": [420, 0]},
        "below": {"type": "t/doubled", "inputs": {"x": "@first.value"}, "at": [420, 420]},
    },
    title="Keyboard",
)
RINGLESS = """
() => {
  const seen = document.activeElement;
  if (seen === null || seen === document.body) return null;
  const style = getComputedStyle(seen);
  const accent = getComputedStyle(document.documentElement).getPropertyValue('--accent').trim();
  const probe = document.createElement('i');
  probe.style.color = accent;
  document.body.append(probe);
  const shown = getComputedStyle(probe).color;
  probe.remove();
  const isRinged = (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1) ||
    [style.borderTopColor, style.borderBottomColor].includes(shown);
  return isRinged ? null : seen.outerHTML.slice(0, 160);
}
"""
"""What has the keyboard and shows it by nothing; null where all is well."""


def test_b24_tab_and_arrows_move_between_nodes_enter_goes_into_one_and_escape_leaves_it(page: Page) -> None:
    open_graph(page, CHAIN)
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement?.dataset.node !== undefined"):
            break
    expect(node(page, "first")).to_be_focused()
    page.keyboard.press("Tab")
    until(page, "document.activeElement?.dataset.node === 'second' || document.activeElement?.dataset.node === 'below'")
    page.keyboard.press("Shift+Tab")
    expect(node(page, "first")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(node(page, "second")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(node(page, "below")).to_be_focused()
    assert selected(page)["nodes"] == ["below"]
    page.keyboard.press("ArrowLeft")
    expect(node(page, "first")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("value:first.x")).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type("9")
    page.keyboard.press("Escape")
    expect(node(page, "first")).to_be_focused()
    assert page.evaluate("JSON.parse(window.__editor.document()).nodes.first.inputs.x") == 9


def test_b24_whatever_has_the_keyboard_shows_a_ring(page: Page) -> None:
    open_graph(page, CHAIN)
    choose(page, "first")
    command(page, "Outline")
    page.get_by_test_id("outline").focus()
    stops = set()
    for _ in range(70):
        page.keyboard.press("Tab")
        assert page.evaluate(RINGLESS) is None
        stops.add(page.evaluate("document.activeElement?.outerHTML"))
    assert len(stops) > 20
    for keys in ("Control+k", "Control+f", "/"):
        page.keyboard.press(keys)
        expect(page.get_by_role("combobox")).to_be_focused()
        assert page.evaluate(RINGLESS) is None
        page.keyboard.press("Escape")


def test_b26_the_outline_is_a_tree_of_nodes_ports_and_states_and_selects_both_ways(page: Page) -> None:
    # Of a number that nothing else at the server was made from.
    fresh = {"first": CHAIN["nodes"]["first"] | {"inputs": {"x": 2600}}}
    open_graph(page, CHAIN | {"nodes": CHAIN["nodes"] | fresh})
    command(page, "Outline")
    tree = page.get_by_role("tree", name="Outline of the graph")
    rows = tree.get_by_role("treeitem")
    expect(rows).to_have_count(3)
    expect(tree.get_by_role("treeitem", name="first")).to_have_attribute("aria-level", "1")
    expect(tree.get_by_role("treeitem", name="first")).to_contain_text("will run")
    tree.focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    expect(tree.get_by_role("treeitem", name="first")).to_have_attribute("aria-expanded", "true")
    expect(tree.get_by_role("treeitem", name="x (input)")).to_have_attribute("aria-level", "2")
    expect(tree.get_by_role("treeitem", name="value (output)")).to_be_visible()
    page.keyboard.press("End")
    page.keyboard.press("Space")
    last = rows.last
    expect(last).to_have_attribute("aria-selected", "true")
    chosen = selected(page)["nodes"]
    assert chosen in (["second"], ["below"])
    expect(tree).to_be_focused()
    head(page, "first").click()
    expect(tree.get_by_role("treeitem", name="first")).to_have_attribute("aria-selected", "true")
    expect(last).to_have_attribute("aria-selected", "false")
    current = tree.get_attribute("aria-activedescendant")
    assert page.locator(f"#{current}").inner_text().split()[1:2] == ["first"]
    page.get_by_test_id("run").click()
    expect(tree.get_by_role("treeitem", name="second")).to_contain_text("done")
