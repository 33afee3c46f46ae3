"""Plans laid out with boxes for meshes: relations hold, nothing interpenetrates, what cannot be done is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diorama.context import Context
from diorama.faults import BadInput
from diorama.values import Mesh, Part
from diorama_nodes.plan.schema import (
    CameraSpec,
    CharacterSpec,
    EnvironmentSpec,
    LightSpec,
    ObjectSpec,
    RelationSpec,
    ScenePlan,
)
from diorama_nodes.scene.look import blocked, sees
from diorama_nodes.scene.nodes import LaidOut, lay_out
from diorama_nodes.scene.solids import Boxes, collides, gaps, joined, overlaps

Size = tuple[float, float, float]
UNITS = np.array([(x, y, z) for x in (-0.5, 0.5) for y in (0.0, 1.0) for z in (-0.5, 0.5)])
QUADS = [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)]


def block(size: Size) -> Mesh:
    """A box of width, height and depth, standing on its origin."""
    triangles = [triangle for a, b, c, d in QUADS for triangle in ((a, b, c), (a, c, d))]
    positions = (UNITS * np.array(size)).astype(np.float32)
    normals = (UNITS - (0.0, 0.5, 0.0)) / np.linalg.norm(UNITS - (0.0, 0.5, 0.0), axis=1, keepdims=True)
    return Mesh((Part(positions, normals.astype(np.float32), np.array(triangles, np.uint32)),))


SIZES: dict[str, Size] = {
    "table": (1.2, 0.75, 1.2),
    "chair": (0.45, 0.9, 0.45),
    "bowl": (0.3, 0.12, 0.3),
    "bed": (1.6, 0.6, 2.0),
    "nightstand": (0.45, 0.5, 0.4),
    "desk": (1.2, 0.75, 0.6),
    "window": (1.2, 1.2, 0.1),
    "guitar": (0.4, 1.0, 0.12),
    "bookshelf": (0.9, 2.0, 0.3),
    "armchair": (0.9, 1.0, 0.9),
    "fireplace": (1.5, 1.2, 0.5),
    "lamp": (0.4, 1.6, 0.4),
    "server_rack": (0.6, 2.0, 0.9),
    "emergency_light": (0.3, 0.15, 0.3),
    "mirror": (0.6, 0.8, 0.05),
    "sink": (0.6, 0.85, 0.5),
    "telescope": (0.5, 1.4, 0.5),
    "painting": (0.9, 0.7, 0.05),
    "tree": (2.0, 5.0, 2.0),
    "cabin": (5.0, 3.5, 4.0),
    "fountain": (2.6, 1.5, 2.6),
    "bench": (1.5, 0.85, 0.5),
    "planter": (0.8, 0.5, 0.5),
    "lantern": (0.6, 1.5, 0.6),
    "torii": (4.0, 4.0, 0.6),
    "tyre": (0.65, 0.22, 0.65),
    "crate": (0.8, 0.7, 0.8),
    "dumpster": (1.8, 1.2, 1.0),
    "neon_sign": (0.8, 1.6, 0.2),
    "street_lamp": (0.5, 4.5, 0.5),
    "pedestal": (0.6, 0.9, 0.6),
    "tower": (5.0, 22.0, 5.0),
    "rug": (2.0, 0.01, 1.4),
    "globe": (0.3, 0.4, 0.3),
    "moon": (2.0, 2.0, 2.0),
}


def thing(kind: str, count: int = 1, identity: str | None = None) -> ObjectSpec:
    """An object of a kind of which the size is known."""
    return ObjectSpec(id=identity or kind, kind=kind, count=count)


def plan_of(
    place: str,
    objects: Sequence[ObjectSpec] = (),
    relations: Sequence[RelationSpec] = (),
    characters: Sequence[CharacterSpec] = (),
    camera: CameraSpec | None = None,
    lights: Sequence[LightSpec] = (),
    **environment: object,
) -> ScenePlan:
    """A plan of a place; places of rooms are indoor."""
    rooms = ("kitchen", "bedroom", "library", "classroom", "server_room", "bathroom", "study", "workshop", "room")
    setting = "indoor" if place in rooms else "outdoor"
    spec = EnvironmentSpec.model_validate({"setting": setting, "place": place, **environment})
    return ScenePlan(
        title="test",
        prompt="test",
        planner="test",
        environment=spec,
        objects=tuple(objects),
        relations=tuple(relations),
        characters=tuple(characters),
        camera=camera or CameraSpec(),
        lights=tuple(lights),
    )


def laid_out(plan: ScenePlan, seed: int = 3) -> LaidOut:
    """The plan laid out with boxes for meshes."""
    return lay_out(Context(), plan, [block(SIZES[spec.kind]) for spec in plan.objects], seed)


def boxes_of(result: LaidOut, plan: ScenePlan) -> dict[str, Boxes]:
    """The upright boxes of what was placed, by object id, measured from the scene's placements alone."""
    found: dict[str, list[Boxes]] = {spec.id: [] for spec in plan.objects}
    sizes = [SIZES[spec.kind] for spec in plan.objects]
    for placement in result.scene.placements:
        if placement.mesh < len(plan.objects):
            width, height, depth = np.array(sizes[placement.mesh]) * np.array(placement.scale)
            x, y, z = placement.translation
            _, turn, _, real = placement.rotation
            values = (x, z, 2 * np.arctan2(turn, real), width, depth, y, y + height)
            found[plan.objects[placement.mesh].id].append(Boxes(*(np.array([float(value)]) for value in values)))
    return {name: joined(group) for name, group in found.items()}


def rel(text: str, **more: object) -> RelationSpec:
    """A relation written as `bowl on table`, or `lantern both_sides torii`."""
    subject, kind, *rest = text.split()
    return RelationSpec.model_validate({"kind": kind, "subject": subject, "object": rest[0] if rest else None, **more})


def on_floor(box: Boxes) -> bool:
    return bool((np.abs(box.low) < 1e-3).all())


@dataclass(frozen=True)
class Case:
    name: str
    plan: ScenePlan


CASES = [
    Case(
        "four chairs stand around a table with a bowl on it",
        plan_of(
            "kitchen",
            [thing("table"), thing("chair", 4), thing("bowl")],
            [rel("chair around table"), rel("bowl on table")],
        ),
    ),
    Case(
        "a bed at the wall has a nightstand on each side, a desk is under the window, a guitar leans on it",
        plan_of(
            "bedroom",
            [thing("bed"), thing("nightstand", 2), thing("desk"), thing("window"), thing("guitar")],
            [
                rel("bed against_wall"),
                rel("nightstand next_to bed"),
                rel("nightstand opposite_sides bed"),
                rel("window on_wall"),
                rel("desk under window"),
                rel("guitar leaning_against desk"),
            ],
        ),
    ),
    Case(
        "three bookshelves in a row at a wall, an armchair facing the fireplace, a lamp behind it",
        plan_of(
            "library",
            [thing("bookshelf", 3), thing("armchair"), thing("fireplace"), thing("lamp")],
            [
                rel("bookshelf aligned_row"),
                rel("bookshelf against_wall"),
                rel("armchair facing fireplace"),
                rel("lamp behind armchair"),
            ],
        ),
    ),
    Case(
        "twelve desks stand in a lattice with a chair behind each",
        plan_of(
            "classroom",
            [thing("desk", 12), thing("chair", 12), thing("desk", 1, "teacher_desk"), thing("globe")],
            [
                rel("desk grid", rows=3, columns=4),
                rel("chair behind desk"),
                rel("globe on teacher_desk"),
            ],
        ),
    ),
    Case(
        "two rows of racks leave an aisle under the ceiling's light",
        plan_of(
            "server_room",
            [thing("server_rack", 10), thing("emergency_light")],
            [rel("server_rack aligned_row", rows=2), rel("emergency_light hanging_from_ceiling")],
            time_of_day="night",
        ),
    ),
    Case(
        "a mirror hangs on the wall above the sink",
        plan_of("bathroom", [thing("sink"), thing("mirror")], [rel("mirror above sink"), rel("mirror on_wall")]),
    ),
    Case(
        "tyres are stacked in a corner, a telescope stands in another",
        plan_of(
            "workshop",
            [thing("tyre", 4), thing("telescope")],
            [rel("tyre stacked_on tyre"), rel("tyre in_corner"), rel("telescope in_corner")],
        ),
    ),
    Case(
        "benches around a fountain in the centre face it",
        plan_of(
            "square",
            [thing("fountain"), thing("bench", 4)],
            [rel("bench around fountain"), rel("bench facing fountain"), rel("fountain center_of_scene")],
        ),
    ),
    Case(
        "trees stand behind the cabin",
        plan_of("clearing", [thing("cabin"), thing("tree", 5)], [rel("tree behind cabin")], weather=["snow"]),
    ),
    Case(
        "lanterns stand behind the gate on both its sides",
        plan_of(
            "shrine",
            [thing("torii"), thing("lantern", 4)],
            [rel("lantern behind torii"), rel("lantern both_sides torii")],
        ),
    ),
    Case(
        "planters stand in a lattice on the roof",
        plan_of("rooftop", [thing("planter", 9)], [rel("planter grid", rows=3, columns=3)]),
    ),
    Case(
        "a lamp stands three metres to the right of a table, a crate between them",
        plan_of(
            "field",
            [thing("table"), thing("lamp"), thing("crate")],
            [rel("lamp right_of table", distance=3.0), rel("crate between table", other="lamp")],
        ),
    ),
    Case(
        "far, near and in front are what they say",
        plan_of(
            "park",
            [thing("tree"), thing("bench"), thing("crate"), thing("table")],
            [rel("bench near tree"), rel("crate far tree"), rel("table in_front_of tree")],
        ),
    ),
    Case(
        "neon signs hang on the walls of an alley",
        plan_of(
            "alley",
            [thing("neon_sign", 4), thing("dumpster"), thing("crate", 3), thing("street_lamp", 2)],
            [rel("neon_sign on_wall")],
            [CharacterSpec(id="detective", role="detective", action="walk", pace="slow")],
            time_of_day="night",
            style="cyberpunk",
            weather=["mist", "rain"],
        ),
    ),
]


@pytest.fixture(scope="module")
def results() -> dict[str, LaidOut]:
    return {case.name: laid_out(case.plan) for case in CASES}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_relation_is_held_and_nothing_left_out(case: Case, results: dict[str, LaidOut]) -> None:
    result = results[case.name]
    assert result.report == []
    boxes = boxes_of(result, case.plan)
    assert {spec.id: len(boxes[spec.id]) for spec in case.plan.objects} == {
        spec.id: spec.count for spec in case.plan.objects
    }


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_nothing_runs_into_anything(case: Case, results: dict[str, LaidOut]) -> None:
    boxes = boxes_of(results[case.name], case.plan)
    boxes.pop("guitar", None)  # it leans: its upright box is not its shape
    assert crossings(joined(list(boxes.values()))) == 0


def crossings(boxes: Boxes) -> int:
    """Pairs of boxes that share more than a few millimetres."""
    shrunk = boxes.moved(
        width=boxes.width - 0.01, depth=boxes.depth - 0.01, low=boxes.low + 0.005, high=boxes.high - 0.005
    )
    return sum(int(collides(shrunk[n], shrunk[:n])[0]) for n in range(1, len(shrunk)))


def case_boxes(results: dict[str, LaidOut], start: str) -> dict[str, Boxes]:
    case = next(case for case in CASES if case.name.startswith(start))
    return boxes_of(results[case.name], case.plan)


def test_the_bowl_rests_on_the_table_and_chairs_look_at_it(results: dict[str, LaidOut]) -> None:
    boxes = case_boxes(results, "four chairs")
    assert boxes["bowl"].low[0] == pytest.approx(0.75, abs=1e-3)
    assert overlaps(boxes["bowl"], boxes["table"]).all()
    toward = boxes["table"].centers() - boxes["chair"].centers()
    toward /= np.linalg.norm(toward, axis=1, keepdims=True)
    assert ((boxes["chair"].front() * toward).sum(axis=1) > 0.85).all()
    assert (gaps(boxes["chair"], boxes["table"]) < 0.6).all()
    assert on_floor(boxes["chair"])


def test_nightstands_stand_on_opposite_sides_of_the_bed(results: dict[str, LaidOut]) -> None:
    boxes = case_boxes(results, "a bed at")
    aside = boxes["bed"].local(boxes["nightstand"].centers()[None])[0][:, 0]
    assert aside[0] * aside[1] < 0
    assert (gaps(boxes["nightstand"], boxes["bed"]) <= 0.5).all()


def test_a_leaning_guitar_tilts_and_touches_the_ground_and_the_desk(results: dict[str, LaidOut]) -> None:
    case = next(case for case in CASES if case.name.startswith("a bed at"))
    result = results[case.name]
    placement = next(p for p in result.scene.placements if p.name == "guitar")
    x, y, z, w = placement.rotation
    corners = result.scene.meshes[placement.mesh].parts[0].positions.astype(float)
    axis = np.array([x, y, z])
    turned = corners + 2 * np.cross(axis, np.cross(axis, corners) + w * corners) + np.array(placement.translation)
    tilt = np.arccos(np.clip(1 - 2 * (x * x + z * z), -1, 1))
    assert np.radians(5) <= tilt <= np.radians(45)
    assert turned[:, 1].min() == pytest.approx(0.0, abs=2e-3)
    desk = case_boxes(results, "a bed at")["desk"]
    grid = np.linspace(0, 1, 60)[:, None]
    back = [turned[a] + (turned[b] - turned[a]) * grid for a in range(8) for b in range(8) if a != b]
    points = np.concatenate(back)
    below = points[points[:, 1] <= desk.high[0] + 0.01]
    local = np.abs(desk.local(below[None][..., [0, 2]])[0])
    outside = np.maximum(local - np.array([desk.width[0], desk.depth[0]]) / 2, 0)
    assert np.hypot(*outside.T).min() < 0.05


def test_a_desk_stands_under_the_window(results: dict[str, LaidOut]) -> None:
    boxes = case_boxes(results, "a bed at")
    assert boxes["desk"].high[0] <= boxes["window"].low[0]
    assert overlaps(boxes["desk"], boxes["window"]).all()


def test_rows_of_racks_leave_an_aisle_to_walk_through(results: dict[str, LaidOut]) -> None:
    racks = case_boxes(results, "two rows")["server_rack"]
    assert gaps(racks[:5], racks[5:]).min() >= 0.8
    light = case_boxes(results, "two rows")["emergency_light"]
    assert light.high[0] > 2.4


def test_tyres_form_one_stack(results: dict[str, LaidOut]) -> None:
    tyres = case_boxes(results, "tyres")["tyre"]
    assert tyres.low == pytest.approx([0.0, 0.22, 0.44, 0.66], abs=2e-3)


def test_a_distance_given_in_metres_is_kept(results: dict[str, LaidOut]) -> None:
    boxes = case_boxes(results, "a lamp stands")
    assert gaps(boxes["lamp"], boxes["table"])[0] == pytest.approx(3.0, abs=0.25)
    assert boxes["lamp"].x[0] > boxes["table"].x[0]


def test_signs_of_an_alley_face_the_viewer_from_both_walls(results: dict[str, LaidOut]) -> None:
    signs = case_boxes(results, "neon signs")["neon_sign"]
    assert (signs.front()[:, 1] > 0.99).all()
    assert (signs.low > 2.2).all()
    assert signs.x.min() < 0 < signs.x.max()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_camera_stands_in_nothing_and_moves_within_the_seconds(case: Case, results: dict[str, LaidOut]) -> None:
    scene = results[case.name].scene
    solid = joined(list(boxes_of(results[case.name], case.plan).values()))
    for eye in scene.camera.positions.astype(float):
        spot = Boxes(*(np.array([value]) for value in (eye[0], eye[2], 0.0, 0.1, 0.1, eye[1] - 0.05, eye[1] + 0.05)))
        assert not collides(spot, solid)[0]
    assert scene.camera.times[0] == 0
    assert scene.camera.times[-1] == pytest.approx(case.plan.seconds)


SUBJECTS = [
    ("a chair alone in a field", plan_of("field", [thing("chair")])),
    (
        "a tower seen from below while the camera rises",
        plan_of(
            "field",
            [thing("tower"), thing("tree", 4)],
            camera=CameraSpec(shot="low_angle", movement="rise", subject="tower"),
        ),
    ),
    (
        "a table close up in a kitchen",
        plan_of("kitchen", [thing("table"), thing("chair", 4)], camera=CameraSpec(shot="close", subject="table")),
    ),
    (
        "a fountain from all around",
        plan_of("square", [thing("fountain")], camera=CameraSpec(movement="orbit", subject="fountain")),
    ),
    ("a bed from above", plan_of("bedroom", [thing("bed")], camera=CameraSpec(shot="high_angle", subject="bed"))),
]


@pytest.mark.parametrize(("name", "plan"), SUBJECTS, ids=[name for name, _ in SUBJECTS])
def test_the_camera_sees_its_subject_all_the_time(name: str, plan: ScenePlan) -> None:
    result = laid_out(plan)
    subject = boxes_of(result, plan)[plan.camera.subject or plan.objects[0].id]
    others = joined([boxes for key, boxes in boxes_of(result, plan).items() if key != plan.objects[0].id])
    middle = np.array([subject.x[0], (subject.low[0] + subject.high[0]) / 2, subject.z[0]])
    for seconds in np.linspace(0, plan.seconds, 7):
        assert sees(result.scene.camera, float(seconds), middle, 0.95)
        eye = result.scene.camera.at(float(seconds))[0].astype(float)
        assert blocked(eye, middle, others) == 0


WALKERS = [
    ("alley", "walk", "slow", 0.9),
    ("street", "walk", "normal", 1.35),
    ("park", "run", "normal", 3.2),
    ("room", "walk", "slow", 0.9),
]


@pytest.mark.parametrize(("place", "action", "pace", "speed"), WALKERS)
def test_a_figure_walks_clear_of_things_in_view_and_no_faster_than_it_can(
    place: str, action: str, pace: str, speed: float
) -> None:
    who = CharacterSpec.model_validate({"id": "someone", "role": "woman", "action": action, "pace": pace})
    plan = plan_of(place, [thing("crate", 3), thing("table")], characters=[who])
    result = laid_out(plan)
    (path,) = result.paths
    line = np.array(path.points)
    length = float(np.hypot(*np.diff(line, axis=0).T).sum())
    assert path.character == "someone"
    assert 1.2 <= length <= speed * plan.seconds
    solid = joined(list(boxes_of(result, plan).values()))
    for x, z in line[0] + (line[-1] - line[0]) * np.linspace(0, 1, 30)[:, None]:
        body = Boxes(*(np.array([value]) for value in (x, z, 0.0, 0.4, 0.4, 0.1, 1.7)))
        assert not collides(body, solid)[0]
    for seconds, point in ((0.0, line[0]), (plan.seconds, line[-1])):
        assert sees(result.scene.camera, seconds, np.array([point[0], 1.2, point[1]]))


def test_each_of_the_cast_has_a_path_of_its_own_and_keeps_apart() -> None:
    cast = [
        CharacterSpec(id="child", role="child", action="wave", count=3),
        CharacterSpec(id="guard", role="guard", action="walk", pace="slow"),
    ]
    result = laid_out(plan_of("square", [thing("fountain")], characters=cast))
    assert [path.character for path in result.paths] == ["child_1", "child_2", "child_3", "guard"]
    spots = np.array([path.points[0] for path in result.paths[:3]])
    apart = np.hypot(*(spots[:, None] - spots[None]).T) + np.eye(3) * 9
    assert apart.min() > 0.5


def test_who_walks_towards_something_ends_before_it_and_looks_at_it() -> None:
    who = CharacterSpec(id="knight", role="knight", action="run", toward="cabin")
    plan = plan_of("field", [thing("cabin")], characters=[who])
    result = laid_out(plan)
    (path,) = result.paths
    cabin = boxes_of(result, plan)["cabin"]
    end = np.array(path.points[-1])
    start = np.array(path.points[0])
    middle = cabin.centers()[0]
    assert np.hypot(*(end - middle)) < np.hypot(*(start - middle))
    spot = Boxes(*(np.array([value]) for value in (end[0], end[1], 0.0, 0.1, 0.1, 0.0, 1.0)))
    assert 0.0 < gaps(spot, cabin)[0] <= 1.6
    assert path.facing is not None
    assert np.dot(path.facing, (middle - end) / np.hypot(*(middle - end))) > 0.9


def test_what_does_not_fit_is_left_out_and_told() -> None:
    plan = plan_of("room", [thing("bed", 30)], width=4.0, depth=4.0)
    result = laid_out(plan)
    placed = len(boxes_of(result, plan)["bed"])
    assert 0 < placed < 30
    assert sum("no room" in line for line in result.report) == 30 - placed


def test_relations_of_what_found_no_room_at_all_hold_for_nothing() -> None:
    plan = plan_of("room", [thing("bed"), thing("chair")], [rel("bed on chair"), rel("bed under chair")], width=3.0)
    whale = [block((60.0, 40.0, 60.0)), block(SIZES["chair"])]
    result = lay_out(Context(), plan, whale, 3)
    assert len(boxes_of(result, plan)["bed"]) == 0
    assert [line for line in result.report if "no room" in line]


TOLD = [
    ("a relation to what is not there", [rel("chair next_to piano")], "piano"),
    ("a relation of what is not there", [rel("piano next_to chair")], "piano"),
    ("a relation that cannot hold", [rel("chair hanging_from_ceiling"), rel("chair in_corner")], "chair"),
    ("a distance beyond the room", [rel("chair left_of table", distance=40.0)], "chair left of table"),
]


@pytest.mark.parametrize(("name", "relations", "word"), TOLD, ids=[name for name, _, _ in TOLD])
def test_what_cannot_hold_is_told(name: str, relations: list[RelationSpec], word: str) -> None:
    place = "field" if "cannot" in name else "room"
    result = laid_out(plan_of(place, [thing("chair"), thing("table")], relations))
    assert any(word in line for line in result.report)
    assert {p.name for p in result.scene.placements} >= {"chair", "table"}


@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(
    place=st.sampled_from(["room", "kitchen", "alley", "street", "field", "square", "shore", "rooftop"]),
    kinds=st.lists(
        st.tuples(
            st.sampled_from(["table", "chair", "bed", "crate", "tree", "bench", "painting", "lamp", "bowl", "rug"]),
            st.integers(1, 4),
        ),
        max_size=5,
        unique_by=lambda pair: pair[0],
    ),
    links=st.lists(
        st.tuples(
            st.integers(0, 4),
            st.sampled_from(["next_to", "left_of", "behind", "near", "around", "on", "in_front_of", "facing"]),
            st.integers(0, 4),
        ),
        max_size=3,
    ),
    walks=st.booleans(),
    seed=st.integers(0, 1000),
)
def test_whatever_is_asked_nothing_interpenetrates_floats_or_leaves_the_bounds(
    place: str, kinds: list[tuple[str, int]], links: list[tuple[int, str, int]], walks: bool, seed: int
) -> None:
    objects = [thing(kind, count) for kind, count in kinds]
    relations = [
        RelationSpec.model_validate({"kind": kind, "subject": objects[a].id, "object": objects[b].id})
        for a, kind, b in links
        if a != b and max(a, b) < len(objects)
    ]
    cast = [CharacterSpec(id="someone", role="man", action="walk" if walks else "idle")]
    plan = plan_of(place, objects, relations, cast)
    result = laid_out(plan, seed)
    boxes = boxes_of(result, plan)
    solid = joined([group for name, group in boxes.items() if name != "rug"])
    assert crossings(solid) == 0
    left_out = sum("left out" in line for line in result.report)
    assert sum(len(group) for group in boxes.values()) + left_out == sum(spec.count for spec in objects)
    raised = joined([group for name, group in boxes.items() if name != "painting"])
    for number in range(len(raised)):
        if raised.low[number] > 0.02:
            carriers = raised.moved(low=raised.high - 0.03, high=raised.high + 0.03)
            assert collides(raised[number], carriers[np.arange(len(raised)) != number])[0]
    assert len(result.paths) == 1


def test_the_same_inputs_give_the_same_scene_and_another_seed_another_one() -> None:
    plan = CASES[-1].plan
    first, second, other = laid_out(plan, 5), laid_out(plan, 5), laid_out(plan, 6)
    assert first.scene.placements == second.scene.placements
    assert first.paths == second.paths
    assert first.scene.lights == second.scene.lights
    for one, two in zip(first.scene.meshes, second.scene.meshes, strict=True):
        for part, twin in zip(one.parts, two.parts, strict=True):
            assert part.positions.tobytes() == twin.positions.tobytes()
            assert part.material.name == twin.material.name
    assert first.scene.placements != other.scene.placements


def test_meshes_that_do_not_match_the_objects_are_refused() -> None:
    with pytest.raises(BadInput, match="0 meshes were given, but the plan has 1 objects"):
        lay_out(Context(), plan_of("field", [thing("chair")]), [], 0)


def test_night_is_darker_than_noon_and_rain_wets_the_ground() -> None:
    noon = laid_out(plan_of("field", time_of_day="noon")).scene
    night = laid_out(plan_of("field", time_of_day="night", weather=["rain"])).scene
    assert sum(night.environment.sky_zenith) < 0.3 * sum(noon.environment.sky_zenith)
    assert night.environment.wetness > 0.5
    assert night.environment.rain > 0
    assert noon.environment.rain == noon.environment.wetness == 0
    assert noon.lights[0].intensity > 3 * night.lights[0].intensity


def test_lamps_that_stand_in_the_scene_shine() -> None:
    plan = plan_of("alley", [thing("neon_sign", 2), thing("street_lamp")], time_of_day="night")
    names = {light.name for light in laid_out(plan).scene.lights}
    assert {"neon_sign_light", "neon_sign_2_light", "street_lamp_light"} <= names


def test_a_window_opens_the_wall_behind_it() -> None:
    def wall_area(objects: Sequence[ObjectSpec]) -> float:
        scene = laid_out(plan_of("room", objects, width=5.0, depth=5.0)).scene
        room = scene.meshes[next(p.mesh for p in scene.placements if p.kind == "room")]
        part = next(part for part in room.parts if part.material.name == "wall")
        a, b, c = (part.positions[part.triangles[:, corner]] for corner in range(3))
        return float(np.linalg.norm(np.cross(b - a, c - a), axis=1).sum() / 2)

    assert wall_area([]) - wall_area([thing("window")]) == pytest.approx(1.2 * 1.2 * 0.94 * 0.96, rel=0.02)


def test_the_static_scene_stays_within_its_triangles() -> None:
    for place in ("alley", "street", "forest", "square", "rooftop", "shore", "mountain", "kitchen"):
        faces = laid_out(plan_of(place, style="cyberpunk", time_of_day="night")).scene.describe()["faces"]
        assert isinstance(faces, int)
        assert faces < 150_000
