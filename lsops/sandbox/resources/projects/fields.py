"""The settable fields of a project, from the public API description and the measured defaults.

Facts: community-api 2.3 and 2.4 for what both editions have; enterprise-api 7.1 for the rest, with
the defaults of the description or of the sample project there; where neither gives one, a field that
may be null starts as null. `create=False` is the create gap: a POST ignores the field, a PATCH takes it.
"""

from __future__ import annotations

from typing import Any

from lsops.sandbox.envelope import Crash
from lsops.sandbox.fields import Bad, Field, Several, anything, defaults, nested, nested_as_sent
from lsops.sandbox.fieldtypes import choice, decimal, flag, moment, number, text

_NO = Field(flag(), default=False)
_YES = Field(flag(), default=True)
_WORDS = text()

BASE: dict[str, Field] = {
    "title": Field(text(shortest=3, longest=50), default="", null=True),
    "description": Field(_WORDS, default="", null=True),
    "label_config": Field(_WORDS, default="<View></View>", null=True),
    "expert_instruction": Field(_WORDS, default="", null=True),
    "show_instruction": _NO,
    "show_skip_button": _YES,
    "enable_empty_annotation": _YES,
    "show_annotation_history": _NO,
    "organization": Field(anything, null=True),
    "color": Field(text(longest=16), default="#FFFFFF", null=True),
    "maximum_annotations": Field(number(), default=1),
    "is_published": _NO,
    "model_version": Field(_WORDS, default="", null=True),
    "is_draft": _NO,
    "created_by": Field(anything),
    "min_annotations_to_start_training": Field(number(), default=0),
    "show_collab_predictions": _YES,
    "sampling": Field(
        choice("Sequential sampling", "Uniform sampling", "Uncertainty sampling"),
        default="Sequential sampling",
        null=True,
    ),
    "show_ground_truth_first": _NO,
    "annotator_evaluation_enabled": _NO,
    "show_overlap_first": _NO,
    "overlap_cohort_percentage": Field(number(), default=100),
    "task_data_login": Field(text(longest=256), null=True, listed=False),
    "task_data_password": Field(text(longest=256), null=True, listed=False),
    "control_weights": Field(anything, default={}, null=True),
    "evaluate_predictions_automatically": _NO,
    "skip_queue": Field(
        choice("REQUEUE_FOR_ME", "REQUEUE_FOR_OTHERS", "IGNORE_SKIPPED"),
        default="REQUEUE_FOR_OTHERS",
        null=True,
    ),
    "reveal_preannotations_interactively": _NO,
    "pinned_at": Field(moment, null=True),
}

_REJECT = choice("remove", "requeue", "redistribute")
REVIEW: dict[str, Field] = {
    "allowed_reject_actions": Field(Several(_REJECT), default=["remove"]),
    "default_reject_action": Field(_REJECT, default="remove", null=True),
    "anonymize_annotations": _NO,
    "annotator_batch_percent": Field(decimal(), default="100.00"),
    "instruction": Field(_WORDS, null=True),
    "only_finished_tasks": _NO,
    "requeue_rejected_tasks_mode": Field(
        choice("requeue", "remove", "flexible", blank=True), default="remove", null=True
    ),
    "require_comment_on_reject": _NO,
    "review_criteria": Field(choice("all", "one"), default="one", null=True),
    "review_only_manual_assignments": _NO,
    "review_task_limit_percent": Field(decimal(), null=True),
    "sampling": Field(choice("task_id", "random", "by_annotator"), null=True),
    "show_agreement_to_reviewers": _NO,
    "show_data_manager_to_reviewers": _YES,
    "show_instruction": _NO,
    "show_unused_data_columns_to_reviewers": Field(flag(null=True), null=True),
}

ASSIGNMENT: dict[str, Field] = {
    "label_stream_task_distribution": Field(
        choice("auto_distribution", "assigned_only"),
        default="auto_distribution",
        null=True,
    ),
}


_LATER: dict[str, Field] = {
    "agreement_methodology": Field(choice("consensus", "pairwise"), default="pairwise", create=False),
    "agreement_threshold": Field(decimal(digits=3), null=True, create=False),
    "annotation_limit_count": Field(number(least=1), null=True, create=False),
    "annotation_limit_percent": Field(decimal(), null=True, create=False),
    "annotator_evaluation_continuous_tasks": Field(number(least=0), default=0, create=False),
    "annotator_evaluation_metric": Field(
        choice("gt_agreement", "acceptance_score", "rejection_rate"),
        default="gt_agreement",
        null=True,
        create=False,
    ),
    "annotator_evaluation_minimum_score": Field(decimal(), default="95.00", null=True, create=False),
    "annotator_evaluation_minimum_tasks": Field(number(least=0), default=10, null=True, create=False),
    "annotator_evaluation_onboarding_tasks": Field(number(least=0), default=0, create=False),
    "assignment_settings": Field(nested(ASSIGNMENT), default=defaults(ASSIGNMENT), create=False),
    "comment_classification_config": Field(_WORDS, default="", create=False),
    "custom_script": Field(_WORDS, create=False),
    "custom_task_lock_ttl": Field(number(least=1, most=86400), null=True, create=False),
    "max_additional_annotators_assignable": Field(number(), null=True, create=False),
    "pause_on_failed_annotator_evaluation": Field(flag(null=True), default=False, null=True, create=False),
    "require_comment_on_skip": Field(flag(), default=False, create=False),
    "review_settings": Field(nested(REVIEW), default=defaults(REVIEW), create=False),
    "show_unused_data_columns_to_annotators": Field(flag(null=True), null=True, create=False),
    "strict_task_overlap": Field(flag(), default=True, create=False),
}


def _visible(value: Any) -> dict[str, list[str]]:
    if not isinstance(value, dict):
        raise Bad(f'Expected a dictionary of items but got type "{type(value).__name__}".')
    return {name: Several(_WORDS)(columns) for name, columns in value.items()}


_SURFACE = {"order": Field(Several(_WORDS)), "visible": Field(_visible)}
_SURFACES = {"explore": Field(nested_as_sent(_SURFACE)), "labeling": Field(nested_as_sent(_SURFACE))}

ENTERPRISE: dict[str, Field] = {
    **BASE,
    **_LATER,
    "collection_mode": Field(choice("assigned", "open"), null=True, update=False),
    "custom_interface_code": Field(_WORDS, null=True),
    "custom_interface_compiled": Field(_WORDS, null=True),
    "custom_interface_params": Field(anything, null=True),
    "dm_column_defaults": Field(nested_as_sent(_SURFACES), null=True),
    "input_schema": Field(anything, null=True),
    "internal_description": Field(anything, null=True),
    "output_schema": Field(anything, null=True),
    "source_interface_id": Field(number(), null=True),
    "source_interface_version": Field(number(), null=True),
    "use_custom_interface": _NO,
    "workspace": Field(anything),
}


def check_color(value: Any) -> str:
    """`#` and six characters that Python takes for a hexadecimal number, so `#-12345` passes; null crashes."""
    if value is None:
        raise Crash("'NoneType' object has no attribute 'startswith'")
    try:
        if value.startswith("#") and len(value) == 7:
            int(value[1:], 16)
            return str(value)
    except ValueError:
        pass
    raise Bad('Color must be in "#RRGGBB" format')
