"""Every change of state, one function each: it owns its permission, its transaction, its log entry and its write.

Admin, pages, commands and API all end here. The object comes first, everything else is keyword-only. Each function
raises `PermissionDenied` where the person may not, `ValidationError` (by field) where the input is wrong, and a
`WorkflowError` where the state has moved on; their messages are meant for the person.
"""

from .assessment import causes_to_wait
from .claims import CLAIM, claim, release
from .errors import AlreadyClaimed, AlreadyDecided, EditConflict, WorkflowError
from .evidence import Evidence, evidence, first_seen
from .fixing import fix_and_approve
from .publishing import publish, unpublish
from .resanitizing import PolicyChange, policy_change, resanitize
from .reviewing import approve, carry_over, decision_to_carry, reject, request_changes, submit, withdraw
from .undoing import undo
from .uploading import delete_image, upload_image
from .validation import MAX_REASON, MAX_TAGS
from .writing import restore, save_revision, with_lf

__all__ = [
    "CLAIM",
    "MAX_REASON",
    "MAX_TAGS",
    "AlreadyClaimed",
    "AlreadyDecided",
    "EditConflict",
    "Evidence",
    "PolicyChange",
    "WorkflowError",
    "approve",
    "carry_over",
    "causes_to_wait",
    "claim",
    "decision_to_carry",
    "delete_image",
    "evidence",
    "first_seen",
    "fix_and_approve",
    "policy_change",
    "publish",
    "reject",
    "release",
    "request_changes",
    "resanitize",
    "restore",
    "save_revision",
    "submit",
    "undo",
    "unpublish",
    "upload_image",
    "with_lf",
    "withdraw",
]
