"""The rows: articles and what was written, rendered, found, reviewed, allowed, hidden and done."""

from articles.conversation.remarks import Remark
from articles.images.images import Image, ImageUse
from articles.moderation.allowances import Allowance
from articles.moderation.notices import Notice
from articles.moderation.reminders import Reminder
from articles.moderation.reviews import ReasonTemplate, Review
from articles.people.preferences import MailPreferences
from articles.revisions.articles import Article
from articles.revisions.attributions import Attribution
from articles.revisions.bodies import Body, Repacking
from articles.revisions.events import Event
from articles.revisions.hidings import Hiding
from articles.revisions.linked_hosts import LinkedHost
from articles.revisions.publications import Publication
from articles.revisions.renderings import IntroducedFinding, Rendering
from articles.revisions.revisions import ChangeKind, DamagedText, Revision, SoftwareShare, UnknownFormat
from articles.revisions.schedules import Schedule
from articles.revisions.scratch_copies import ScratchCopy
from articles.revisions.sketches import Sketch
from articles.revisions.tags import Tag
from articles.tasks.background_tasks import BackgroundTask

__all__ = [
    "Allowance",
    "Article",
    "Attribution",
    "BackgroundTask",
    "Body",
    "ChangeKind",
    "DamagedText",
    "Event",
    "Hiding",
    "Image",
    "ImageUse",
    "IntroducedFinding",
    "LinkedHost",
    "MailPreferences",
    "Notice",
    "Publication",
    "ReasonTemplate",
    "Remark",
    "Reminder",
    "Rendering",
    "Repacking",
    "Review",
    "Revision",
    "Schedule",
    "ScratchCopy",
    "Sketch",
    "SoftwareShare",
    "Tag",
    "UnknownFormat",
]
