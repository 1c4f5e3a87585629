"""Every change of state, one function each: it owns its permission, its transaction, its log entry and its write.

Admin, pages, commands and API all end here. The object comes first, everything else is keyword-only. Each function
raises `PermissionDenied` where the person may not, `ValidationError` (by field) where the input is wrong, and a
`WorkflowError` where the state has moved on; their messages are meant for the person.
"""

from .assessment import causes_to_wait
from .errors import AlreadyDecided, EditConflict, WorkflowError
from .publishing import publish, unpublish
from .resanitizing import PolicyChange, policy_change, resanitize
from .reviewing import approve, reject, request_changes, submit, withdraw
from .uploading import delete_image, upload_image
from .validation import MAX_REASON, MAX_TAGS
from .writing import restore, save_revision, with_lf

__all__ = [
    "MAX_REASON",
    "MAX_TAGS",
    "AlreadyDecided",
    "EditConflict",
    "PolicyChange",
    "WorkflowError",
    "approve",
    "causes_to_wait",
    "delete_image",
    "policy_change",
    "publish",
    "reject",
    "request_changes",
    "resanitize",
    "restore",
    "save_revision",
    "submit",
    "unpublish",
    "upload_image",
    "with_lf",
    "withdraw",
]
