"""Plans laid out with boxes for meshes: cameras see their subject, figures walk clear of things and each other."""

from __future__ import annotations

import numpy as np
import pytest
from tests.support.blocks import boxes_of, laid_out, plan_of, thing

from diorama_nodes.plan.schema import (
    CameraSpec,
    CharacterSpec,
    ScenePlan,
)
from diorama_nodes.scene.look import blocked, sees
from diorama_nodes.scene.solids import Boxes, collides, gaps, joined

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
