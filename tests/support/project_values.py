"""Two values for every settable field of a project, so that each can be created and then changed."""

from __future__ import annotations

from typing import Any

CONFIG = (
    '<View><Text name="t" value="$text"/><Choices name="dx" toName="t">'
    '<Choice value="Yes"/><Choice value="No"/></Choices></View>'
)
WIDER = CONFIG.replace('<Choice value="No"/>', '<Choice value="No"/><Choice value="Maybe"/>')

VALUES: dict[str, tuple[Any, Any]] = {
    "agreement_methodology": ("consensus", "pairwise"),
    "agreement_threshold": (0.5, "0.75"),
    "annotation_limit_count": (10, None),
    "annotation_limit_percent": ("12.50", 25),
    "annotator_evaluation_continuous_tasks": (3, 4),
    "annotator_evaluation_enabled": (True, False),
    "annotator_evaluation_metric": ("acceptance_score", "rejection_rate"),
    "annotator_evaluation_minimum_score": (80, "81.5"),
    "annotator_evaluation_minimum_tasks": (5, 6),
    "annotator_evaluation_onboarding_tasks": (2, 3),
    "assignment_settings": (
        {"label_stream_task_distribution": "assigned_only"},
        {"label_stream_task_distribution": "auto_distribution"},
    ),
    "color": ("#1f77b4", "#2CA02C"),
    "comment_classification_config": ("<View/>", "<View><Header value='h'/></View>"),
    "control_weights": ({"dx": {"overall": 0.5}}, {"dx": {"labels": {"Yes": 0.25}}}),
    "custom_interface_code": ("<App/>", None),
    "custom_interface_compiled": ("var a", "var b"),
    "custom_interface_params": ({"a": [1, 2]}, {"a": [2, 1]}),
    "custom_script": ("LSI.on('x', () => `${1}`)", ""),
    "custom_task_lock_ttl": (60, None),
    "description": ("  trimmed by the server \n", "a\nb"),
    "enable_empty_annotation": (False, True),
    "evaluate_predictions_automatically": (True, False),
    "expert_instruction": ("<b>bold & plain", "<table><tr><td onclick='x'>1</td></tr></table>\r\n"),
    "input_schema": ({"type": "object"}, {"type": "array"}),
    "internal_description": ({"blocks": []}, "words"),
    "is_draft": (True, False),
    "is_published": (True, False),
    "label_config": (CONFIG, WIDER),
    "max_additional_annotators_assignable": (1, 2),
    "maximum_annotations": (3, 2),
    "min_annotations_to_start_training": (7, 0),
    "output_schema": ({"type": "object"}, None),
    "overlap_cohort_percentage": (50, 100),
    "pause_on_failed_annotator_evaluation": (True, False),
    "pinned_at": ("2025-01-02T03:04:05+02:00", "2025-06-07"),
    "require_comment_on_skip": (True, False),
    "reveal_preannotations_interactively": (True, False),
    "review_settings": (
        {"require_comment_on_reject": True, "review_criteria": "all", "instruction": "<b>look</b>"},
        {"require_comment_on_reject": False, "sampling": "random", "review_task_limit_percent": 10},
    ),
    "sampling": ("Uniform sampling", None),
    "show_annotation_history": (True, False),
    "show_collab_predictions": (False, True),
    "show_ground_truth_first": (True, False),
    "show_instruction": (True, False),
    "show_overlap_first": (True, False),
    "show_skip_button": (False, True),
    "show_unused_data_columns_to_annotators": (True, None),
    "skip_queue": ("REQUEUE_FOR_ME", None),
    "source_interface_id": (None, None),
    "source_interface_version": (None, None),
    "strict_task_overlap": (False, True),
    "task_data_login": ("reader", ""),
    "title": ("First title", "Second title"),
    "use_custom_interface": (True, False),
    "workspace": ("Radiology", "Pathology"),
}
"""By field; `model_version` and `task_data_password` need more than a value and have tests of their own."""

APART = frozenset({"model_version", "task_data_password"})


def manifest(field: str, value: Any, *, workspace: str = "") -> dict[str, Any]:
    """A manifest with one project that declares this field, and what the field cannot be without."""
    project: dict[str, Any] = {"label_config": CONFIG, field: value}
    if workspace and field != "workspace":
        project["workspace"] = workspace
    if field == "title":
        project["lifecycle"] = {"renamed_from": "First title"}
    if field == "title" and value == "First title":
        del project["lifecycle"]
    return {"version": 1, "projects": {"One field": project}}
