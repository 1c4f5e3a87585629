"""Every change of state, one function each: it owns its permission, its transaction, its log entry and its write.

Admin, pages, commands and API all end here. The object comes first, everything else is keyword-only. Each function
raises `PermissionDenied` where the person may not, `ValidationError` (by field) where the input is wrong, and a
`WorkflowError` where the state has moved on; their messages are meant for the person.
"""

from articles.images.uploading import delete_image, upload_image
from articles.moderation.allowing import (
    Sifted,
    Silenced,
    allow,
    allow_finding,
    flagged,
    offers,
    revoke,
    sift,
    silenced_by,
)
from articles.moderation.assessment import causes_to_wait
from articles.moderation.claims import CLAIM, claim, release
from articles.moderation.errors import AlreadyClaimed, AlreadyDecided
from articles.moderation.evidence import Evidence, evidence, first_seen
from articles.moderation.figures import figures
from articles.moderation.hiding import hide, lift
from articles.moderation.reminding import recipients, remind_moderators
from articles.moderation.reviewing import (
    approve,
    carry_over,
    decision_to_carry,
    reject,
    request_changes,
    submit,
    withdraw,
)
from articles.moderation.undoing import undo
from articles.revisions.errors import EditConflict, WorkflowError
from articles.revisions.log import coming_from
from articles.revisions.validation import MAX_REASON, MAX_TAGS
from articles.revisions.writing import with_lf

from .fixing import fix_and_approve
from .publishing import publish, unpublish
from .resanitizing import PageChange, page_change, resanitize
from .saving import restore, save_revision

__all__ = [
    "CLAIM",
    "MAX_REASON",
    "MAX_TAGS",
    "AlreadyClaimed",
    "AlreadyDecided",
    "EditConflict",
    "Evidence",
    "PageChange",
    "Sifted",
    "Silenced",
    "WorkflowError",
    "allow",
    "allow_finding",
    "approve",
    "carry_over",
    "causes_to_wait",
    "claim",
    "coming_from",
    "decision_to_carry",
    "delete_image",
    "evidence",
    "figures",
    "first_seen",
    "fix_and_approve",
    "flagged",
    "hide",
    "lift",
    "offers",
    "page_change",
    "publish",
    "recipients",
    "reject",
    "release",
    "remind_moderators",
    "request_changes",
    "resanitize",
    "restore",
    "revoke",
    "save_revision",
    "sift",
    "silenced_by",
    "submit",
    "undo",
    "unpublish",
    "upload_image",
    "with_lf",
    "withdraw",
]
