"""Every change of state, one function each: it owns its permission, its transaction, its log entry and its write.

Admin, pages, commands and API all end here. The object comes first, everything else is keyword-only. Each function
raises `PermissionDenied` where the person may not, `ValidationError` (by field) where the input is wrong, and a
`WorkflowError` where the state has moved on; their messages are meant for the person.
"""

from articles.conversation.appealing import appeal
from articles.conversation.talking import answer, is_news, remark, reopen, resolve
from articles.images.uploading import delete_image, upload_image
from articles.moderation.allowing import (
    LEAST_ALONE,
    allow,
    allow_finding,
    allowance_of_finding,
    allowance_of_words,
    confirm_allowance,
    decline_allowance,
)
from articles.moderation.batching import MOST as MOST_AT_ONCE
from articles.moderation.batching import carry_out, decide_many, take_back_many
from articles.moderation.claims import claim, release, take_over
from articles.moderation.covering import (
    Preview,
    SplitFindings,
    candidates_for,
    covered_findings,
    flagged,
    offers,
    preview,
    split_findings,
)
from articles.moderation.deleting import delete_account
from articles.moderation.ending import revoke, settle_allowances
from articles.moderation.errors import (
    AlreadyAllowed,
    AlreadyClaimed,
    AlreadyDecided,
    NeedsConfirmation,
    NotAsSeen,
)
from articles.moderation.evidence import first_seen, gather_evidence
from articles.moderation.figures import gather_figures
from articles.moderation.hiding import MOST_AT_ONCE as MOST_HIDDEN_AT_ONCE
from articles.moderation.hiding import hide, hide_many, revisions_with, unhide
from articles.moderation.notifying import notify_of_entry
from articles.moderation.noting import ask_opinion, note_review
from articles.moderation.patrolling import mark_patrolled, mark_patrolled_up_to, unmark_patrolled
from articles.moderation.records import gather_record, may_publish_at_once, trust_of
from articles.moderation.refreshing import is_outdated
from articles.moderation.reminding import recipients, remind_moderators
from articles.moderation.returns import gather_returns
from articles.moderation.reviewed import REPORTED, report_reviews
from articles.moderation.reviewing import (
    approve,
    carry_over,
    decision_to_carry,
    newer_public,
    reject,
    request_changes,
    require_reviewer,
    submit,
    withdraw,
)
from articles.moderation.seen import Seen, changes_since, see, see_all, see_now
from articles.moderation.standing import end_standing, hold, mute, note_author, suspend
from articles.moderation.undoing import undo
from articles.moderation.watching import end_feed, renew_feed, tell_watchers, unwatch, watch
from articles.people.preferring import choose_mail, opt_out
from articles.revisions.errors import EditConflict, WorkflowError
from articles.revisions.log import coming_from
from articles.revisions.scratching import discard_scratch_copy, keep_scratch_copy
from articles.revisions.validation import MAX_REASON
from articles.revisions.writing import with_lf
from articles.rules.replaying import cancel_replay, resume_replay, start_replay
from articles.rules.ruling import RuleFaults, RuleText, switch_off, switch_on, write_rule

from .archiving import archive, unarchive
from .fixing import fix_and_approve
from .importing import (
    BroughtIn,
    ChangedHere,
    ImportState,
    PastVersion,
    import_versions,
    imported_page,
    imported_slugs,
    known_versions,
    last_revision,
    settle_import,
)
from .publishing import publish, unpublish
from .resanitizing import PageChange, page_change, resanitize
from .rescanning import (
    FindingCounters,
    FindingsChange,
    findings_change,
    mark_scanned,
    reassess,
    rescan,
)
from .saving import add_tag, duplicate, remove_tag, restore, save_revision
from .scheduling import LEAST_AHEAD, decides_on, schedule, settle, unschedule
from .states import State, in_state, named_number, state_of, state_text, with_named_versions, with_state
from .sweeping import PlanChanged, cancel_sweep, digest_of, plan_sweep, sweep, undo_sweep

__all__ = [
    "LEAST_AHEAD",
    "LEAST_ALONE",
    "MAX_REASON",
    "MOST_AT_ONCE",
    "MOST_HIDDEN_AT_ONCE",
    "REPORTED",
    "AlreadyAllowed",
    "AlreadyClaimed",
    "AlreadyDecided",
    "BroughtIn",
    "ChangedHere",
    "EditConflict",
    "FindingCounters",
    "FindingsChange",
    "ImportState",
    "NeedsConfirmation",
    "NotAsSeen",
    "PageChange",
    "PastVersion",
    "PlanChanged",
    "Preview",
    "RuleFaults",
    "RuleText",
    "Seen",
    "SplitFindings",
    "State",
    "WorkflowError",
    "add_tag",
    "allow",
    "allow_finding",
    "allowance_of_finding",
    "allowance_of_words",
    "answer",
    "appeal",
    "approve",
    "archive",
    "ask_opinion",
    "cancel_replay",
    "cancel_sweep",
    "candidates_for",
    "carry_out",
    "carry_over",
    "changes_since",
    "choose_mail",
    "claim",
    "coming_from",
    "confirm_allowance",
    "covered_findings",
    "decide_many",
    "decides_on",
    "decision_to_carry",
    "decline_allowance",
    "delete_account",
    "delete_image",
    "digest_of",
    "discard_scratch_copy",
    "duplicate",
    "end_feed",
    "end_standing",
    "findings_change",
    "first_seen",
    "fix_and_approve",
    "flagged",
    "gather_evidence",
    "gather_figures",
    "gather_record",
    "gather_returns",
    "hide",
    "hide_many",
    "hold",
    "import_versions",
    "imported_page",
    "imported_slugs",
    "in_state",
    "is_news",
    "is_outdated",
    "keep_scratch_copy",
    "known_versions",
    "last_revision",
    "mark_patrolled",
    "mark_patrolled_up_to",
    "mark_scanned",
    "may_publish_at_once",
    "mute",
    "named_number",
    "newer_public",
    "note_author",
    "note_review",
    "notify_of_entry",
    "offers",
    "opt_out",
    "page_change",
    "plan_sweep",
    "preview",
    "publish",
    "reassess",
    "recipients",
    "reject",
    "release",
    "remark",
    "remind_moderators",
    "remove_tag",
    "renew_feed",
    "reopen",
    "report_reviews",
    "request_changes",
    "require_reviewer",
    "resanitize",
    "rescan",
    "resolve",
    "restore",
    "resume_replay",
    "revisions_with",
    "revoke",
    "save_revision",
    "schedule",
    "see",
    "see_all",
    "see_now",
    "settle",
    "settle_allowances",
    "settle_import",
    "split_findings",
    "start_replay",
    "state_of",
    "state_text",
    "submit",
    "suspend",
    "sweep",
    "switch_off",
    "switch_on",
    "take_back_many",
    "take_over",
    "tell_watchers",
    "trust_of",
    "unarchive",
    "undo",
    "undo_sweep",
    "unhide",
    "unmark_patrolled",
    "unpublish",
    "unschedule",
    "unwatch",
    "upload_image",
    "watch",
    "with_lf",
    "with_named_versions",
    "with_state",
    "withdraw",
    "write_rule",
]
