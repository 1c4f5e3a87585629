"""Every change of state, one function each: it owns its permission, its transaction, its log entry and its write.

Admin, pages, commands and API all end here. The object comes first, everything else is keyword-only. Each function
raises `PermissionDenied` where the person may not, `ValidationError` (by field) where the input is wrong, and a
`WorkflowError` where the state has moved on; their messages are meant for the person.
"""

from articles.conversation.talking import answer, is_news, remark, reopen, resolve
from articles.images.uploading import delete_image, upload_image
from articles.moderation.allowing import (
    SplitFindings,
    allow,
    allow_finding,
    candidates_for,
    covered_findings,
    flagged,
    offers,
    revoke,
    split_findings,
)
from articles.moderation.claims import claim, release
from articles.moderation.errors import AlreadyClaimed, AlreadyDecided
from articles.moderation.evidence import first_seen, gather_evidence
from articles.moderation.figures import gather_figures
from articles.moderation.hiding import hide, unhide
from articles.moderation.notifying import notify_of_entry
from articles.moderation.reminding import recipients, remind_moderators
from articles.moderation.reviewing import (
    approve,
    carry_over,
    decision_to_carry,
    newer_public,
    reject,
    request_changes,
    submit,
    withdraw,
)
from articles.moderation.undoing import undo
from articles.people.preferring import choose_mail, opt_out
from articles.revisions.errors import EditConflict, WorkflowError
from articles.revisions.log import coming_from
from articles.revisions.scratching import discard_scratch_copy, keep_scratch_copy
from articles.revisions.validation import MAX_REASON
from articles.revisions.writing import with_lf

from .archiving import archive, unarchive
from .fixing import fix_and_approve
from .publishing import publish, unpublish
from .resanitizing import PageChange, page_change, resanitize
from .saving import add_tag, duplicate, remove_tag, restore, save_revision
from .scheduling import LEAST_AHEAD, decides_on, schedule, settle, unschedule
from .states import State, in_state, named_number, state_of, state_text, with_named_versions, with_state

__all__ = [
    "LEAST_AHEAD",
    "MAX_REASON",
    "AlreadyClaimed",
    "AlreadyDecided",
    "EditConflict",
    "PageChange",
    "SplitFindings",
    "State",
    "WorkflowError",
    "add_tag",
    "allow",
    "allow_finding",
    "answer",
    "approve",
    "archive",
    "candidates_for",
    "carry_over",
    "choose_mail",
    "claim",
    "coming_from",
    "covered_findings",
    "decides_on",
    "decision_to_carry",
    "delete_image",
    "discard_scratch_copy",
    "duplicate",
    "first_seen",
    "fix_and_approve",
    "flagged",
    "gather_evidence",
    "gather_figures",
    "hide",
    "in_state",
    "is_news",
    "keep_scratch_copy",
    "named_number",
    "newer_public",
    "notify_of_entry",
    "offers",
    "opt_out",
    "page_change",
    "publish",
    "recipients",
    "reject",
    "release",
    "remark",
    "remind_moderators",
    "remove_tag",
    "reopen",
    "request_changes",
    "resanitize",
    "resolve",
    "restore",
    "revoke",
    "save_revision",
    "schedule",
    "settle",
    "split_findings",
    "state_of",
    "state_text",
    "submit",
    "unarchive",
    "undo",
    "unhide",
    "unpublish",
    "unschedule",
    "upload_image",
    "with_lf",
    "with_named_versions",
    "with_state",
    "withdraw",
]
