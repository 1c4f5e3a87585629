"""The rows: articles and what was written, rendered, found, reviewed, allowed, hidden and done."""

from articles.conversation.remarks import Remark
from articles.images.images import Image, ImageUse
from articles.images.imported_images import ImportedImage
from articles.moderation.allowances import Allowance
from articles.moderation.author_notes import AuthorNote
from articles.moderation.batches import Batch, BatchItem
from articles.moderation.notices import Notice
from articles.moderation.reminders import Reminder
from articles.moderation.review_notes import ReviewNote
from articles.moderation.reviews import ReasonTemplate, Review
from articles.moderation.standings import Standing
from articles.moderation.sweeps import Sweep, SweepStep
from articles.moderation.traits import Trait
from articles.moderation.watches import FeedToken, Watch
from articles.people.preferences import MailPreferences
from articles.people.spendings import Spending
from articles.revisions.articles import Article
from articles.revisions.attributions import Attribution
from articles.revisions.bodies import Body, Repacking
from articles.revisions.events import Event
from articles.revisions.facets import Facet
from articles.revisions.hidings import Hiding
from articles.revisions.imports import ImportedPage, ImportedVersion
from articles.revisions.linked_hosts import LinkedHost
from articles.revisions.live_changes import LiveChange
from articles.revisions.originals import Original
from articles.revisions.publications import Publication
from articles.revisions.renderings import IntroducedFinding, Rendering
from articles.revisions.revisions import ChangeKind, DamagedText, Revision, SoftwareShare, UnknownFormat
from articles.revisions.schedules import Schedule
from articles.revisions.scratch_copies import ScratchCopy
from articles.revisions.sketches import Sketch
from articles.revisions.tags import Tag
from articles.rules.replays import Replay, ReplayHit
from articles.rules.rules import Rule, RuleHit, RuleVersion
from articles.seals.entries import SealedCheckpoint, SealedEntry, SealedTile, SealLog
from articles.search.spellings import Spelling
from articles.tasks.background_tasks import BackgroundTask

__all__ = [
    "Allowance",
    "Article",
    "Attribution",
    "AuthorNote",
    "BackgroundTask",
    "Batch",
    "BatchItem",
    "Body",
    "ChangeKind",
    "DamagedText",
    "Event",
    "Facet",
    "FeedToken",
    "Hiding",
    "Image",
    "ImageUse",
    "ImportedImage",
    "ImportedPage",
    "ImportedVersion",
    "IntroducedFinding",
    "LinkedHost",
    "LiveChange",
    "MailPreferences",
    "Notice",
    "Original",
    "Publication",
    "ReasonTemplate",
    "Remark",
    "Reminder",
    "Rendering",
    "Repacking",
    "Replay",
    "ReplayHit",
    "Review",
    "ReviewNote",
    "Revision",
    "Rule",
    "RuleHit",
    "RuleVersion",
    "Schedule",
    "ScratchCopy",
    "SealLog",
    "SealedCheckpoint",
    "SealedEntry",
    "SealedTile",
    "Sketch",
    "SoftwareShare",
    "Spelling",
    "Spending",
    "Standing",
    "Sweep",
    "SweepStep",
    "Tag",
    "Trait",
    "UnknownFormat",
    "Watch",
]
