"""The DAGs: exactly which there are, how they are wired, and what their parameters admit."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from attain import environment
from attain.streams import STREAMS

ORDER = ["land", "stage", "gate_inputs", "score", "gate_scores", "pay", "gate_pay", "publish", "release"]


@pytest.fixture(scope="module")
def dags() -> dict[str, Any]:
    from airflow.dag_processing.dagbag import DagBag

    bag = DagBag(str(environment.DAGS))
    assert bag.import_errors == {}
    return dict(bag.dags)


def test_these_dags_and_no_others_exist(dags: dict[str, Any]) -> None:
    assert set(dags) == {"close_period", "extract_files", "score_period", "simulate_plan"}


def test_every_dag_says_whose_it_is_and_what_it_does(dags: dict[str, Any]) -> None:
    for dag in dags.values():
        assert dag.description
        assert dag.doc_md
        assert "attain" in dag.tags
        assert dag.max_active_runs == 1
        assert dag.catchup is False
        assert {task.owner for task in dag.tasks} == {"data-engineering"}


def test_score_period_runs_one_task_per_stage_and_gate_in_one_line(dags: dict[str, Any]) -> None:
    dag = dags["score_period"]
    assert set(dag.task_ids) == set(ORDER)
    for before, after in pairwise(ORDER):
        assert after in dag.get_task(before).downstream_task_ids, f"{before} must come right before {after}"
    assert dag.get_task("land").upstream_task_ids == set()


def test_a_gate_stands_between_every_stage_and_what_follows(dags: dict[str, Any]) -> None:
    dag = dags["score_period"]
    for stage, gate in (("stage", "gate_inputs"), ("score", "gate_scores"), ("pay", "gate_pay")):
        followers = dag.get_task(stage).downstream_task_ids
        assert followers - {"release"} == {gate}


def test_the_lock_is_released_however_the_run_ends_and_decides_nothing_about_it(dags: dict[str, Any]) -> None:
    release = dags["score_period"].get_task("release")
    assert release.is_teardown
    assert not release.on_failure_fail_dagrun


def test_clearing_a_failed_stage_does_not_land_again(dags: dict[str, Any]) -> None:
    for number, task_id in enumerate(ORDER):
        cleared = dags["score_period"].partial_subset([task_id], include_downstream=True, include_upstream=False)
        assert set(cleared.task_ids) == set(ORDER[number:]), task_id


def test_only_waiting_for_another_run_is_tried_again(dags: dict[str, Any]) -> None:
    retries = {task.task_id: task.retries for task in dags["score_period"].tasks}
    assert retries == {**dict.fromkeys(ORDER, 0), "land": 30}
    assert dags["extract_files"].get_task("extract").retries == 30


def test_every_task_has_a_name_for_people_and_calls_back_when_it_fails(dags: dict[str, Any]) -> None:
    for dag in dags.values():
        for task in dag.tasks:
            assert task.task_display_name != task.task_id, task.task_id
            assert [callback.__name__ for callback in task.on_failure_callback] == ["task_failed"], task.task_id
    assert all(task.doc_md for task in dags["score_period"].tasks)


def test_the_parameters_are_typed(dags: dict[str, Any]) -> None:
    from airflow.sdk.exceptions import ParamValidationError

    params = dags["score_period"].params
    assert set(params) == {"period", "as_of"}
    for name in params:
        assert params.get_param(name).schema["title"], "the form shows it"
        assert params.get_param(name).description, "and this below the field"
    for name, wrong in (("period", "2026-13"), ("period", "January"), ("as_of", 5)):
        param = params.get_param(name)
        with pytest.raises(ParamValidationError):
            param.resolve(wrong)
    assert params.get_param("period").resolve("2026-01") == "2026-01"
    assert params.get_param("period").resolve(None) is None


def test_a_simulation_is_asked_for_by_hand_with_a_draft_and_its_months(dags: dict[str, Any]) -> None:
    from airflow.sdk.exceptions import ParamValidationError

    dag = dags["simulate_plan"]
    assert dag.task_ids == ["simulate"]
    assert dag.schedule is None
    assert set(dag.params) == {"draft", "periods", "as_of"}
    periods = dag.params.get_param("periods")
    for wrong in (None, "", "2026-13", "2026-01..", "January"):
        with pytest.raises(ParamValidationError):
            periods.resolve(wrong)
    for right in ("2026-01", "2026-01..2026-06", "2026-Q1", "2025..2026"):
        assert periods.resolve(right) == right


def test_news_of_any_stream_starts_a_run_and_a_run_announces_its_set(dags: dict[str, Any]) -> None:
    extract = dags["extract_files"].get_task("extract")
    assert [alias.name for alias in extract.outlets] == ["landed"]
    assert {asset.uri for asset in dags["score_period"].get_task("publish").outlets} == {"attain://published/set"}
    condition = str(dags["score_period"].timetable.asset_condition)
    for stream in STREAMS:
        assert f"attain://landing/{stream}'" in condition, stream
