"""Plans laid out with boxes for meshes: relations hold, nothing interpenetrates, what cannot be done is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.support.blocks import SIZES, block, boxes_of, crossings, laid_out, on_floor, plan_of, rel, thing

from diorama.context import Context
from diorama.faults import BadInput
from diorama_nodes.plan.schema import (
    CharacterSpec,
    ObjectSpec,
    RelationSpec,
    ScenePlan,
)
from diorama_nodes.scene.nodes import LaidOut, lay_out
from diorama_nodes.scene.solids import Boxes, collides, gaps, joined, overlaps


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
