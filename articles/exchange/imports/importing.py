"""Importing: the versions of a source are brought in page by page, those that are known are passed over."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from math import inf
from time import monotonic

from django.core.exceptions import ValidationError

from articles.revisions.errors import WorkflowError
from articles.revisions.imports import MAX_PAGE, ImportedPage
from articles.revisions.writing import Claim
from articles.text.content import Content
from articles.text.remembering import settle
from articles.workflow import (
    ImportState,
    PastVersion,
    import_versions,
    imported_page,
    known_versions,
    last_revision,
    settle_import,
)

from .destination import Destination
from .naming import one_line, slug_of
from .reporting import Report
from .sources import Source, SourcePage, SourceVersion

BATCH = 100  # versions in one transaction
BATCH_CODE_POINTS = 1_000_000  # of their texts: then a batch ends sooner
MAX_NAME = 150  # code points, of a claimed author
MAX_SUMMARY = 500


class OutOfTime(Exception):
    """The time that a run was given is over; the next one goes on."""


@dataclass(slots=True)
class Import:
    """A run over a source. `tell` is called with the number of versions that were looked at so far."""

    source: Source
    site: Destination
    state: ImportState
    language: str
    tell: Callable[[int], None] = lambda _: None
    ends_at: float = inf  # on the monotonic clock: then the run stops after a batch
    seen: int = 0

    @property
    def report(self) -> Report:
        return self.site.report

    def run(self) -> None:
        """Bring in what is new. May be stopped at any moment, and run again. Raises `OutOfTime`."""
        self.site.give_slugs(self.source.identity, self.source.slugs())
        for page in self.source.pages(self.site):
            self.report.pages += 1
            try:
                self._bring_in(page)
            except (WorkflowError, ValidationError) as error:
                self.report.leave_out(page.name, _messages(error))

    def _bring_in(self, page: SourcePage) -> None:
        stored = imported_page(self.source.identity, page.key)
        became: ImportState | None = None
        for is_draft, versions in groupby(page.versions, key=lambda version: version.is_draft):
            keys: list[str] = []
            for batch in _batches(versions):
                stored = self._write(page, stored, batch) or stored
                settle()  # a run of hours asks for no text twice, and keeps as little as a worker at rest
                keys = [version.key for version in batch]
            if stored and not stored.is_settled:
                state = self._settle(page, stored, keys, is_draft=is_draft)
                became = became or state  # drafts that follow change nothing of what is live
        if became:
            self.report.states[became] += 1

    def _write(
        self, page: SourcePage, stored: ImportedPage | None, batch: list[SourceVersion]
    ) -> ImportedPage | None:
        """Write what is new of a batch; return the page if there is something of it on the site."""
        new = self._new(stored, self._once(page, batch))
        self.seen += len(batch)
        self.tell(self.seen)
        for version in new:
            if version.text is None:
                self.report.leave_out(f"{page.name} ({version.key})", version.notes)
            else:
                self.report.say(page.name, *version.notes)
        if not new or self.site.is_dry:
            self.report.versions += len(new)
            return None
        slug = self.site.slugs[page.key]
        result = import_versions(
            stored,
            [self._past(version, page, slug) for version in new],
            slug=slug,
            source=self.source.identity,
            key=page.key,
            name=one_line(page.name, MAX_PAGE),
            by=self.site.by,
        )
        for key, messages in result.refused.items():
            self.report.leave_out(f"{page.name} ({key})", messages)
        self.report.versions += len(result.revisions)
        if monotonic() > self.ends_at:  # each run brings in something
            raise OutOfTime
        return result.page

    def _once(self, page: SourcePage, batch: list[SourceVersion]) -> list[SourceVersion]:
        """Return the versions of a batch without those that repeat the key of an earlier one."""
        first: dict[str, SourceVersion] = {}
        for version in batch:
            if first.setdefault(version.key, version) is not version:
                self.report.leave_out(
                    f"{page.name} ({version.key})", ["it stands twice; the first one counts"]
                )
        return list(first.values())

    def _new(self, stored: ImportedPage | None, batch: list[SourceVersion]) -> list[SourceVersion]:
        """Return the versions of a batch that no earlier run brought in."""
        if stored is None:
            return batch
        known = known_versions(stored, [version.key for version in batch])
        self.report.known_versions += len(known)
        return [version for version in batch if version.key not in known]

    def _past(self, version: SourceVersion, page: SourcePage, slug: str) -> PastVersion:
        """Return a version as the operation takes it. Earlier names of a page give the address of their time."""
        if version.text is None:
            return PastVersion(version.key, None)
        if version.content:
            is_last = version.content.slug == page.name
            content = replace(
                version.content, slug=slug if is_last else version.content.slug, summary=version.summary
            )
            return PastVersion(version.key, content, _claim(version), version.original)
        content = Content(
            title=version.title,
            slug=slug if version.name == page.name else slug_of(version.name),
            source=version.text,
            language=version.language or self.language,
            tags=version.tags,
            summary=one_line(version.summary, MAX_SUMMARY),
            excerpt=version.excerpt,
            description=version.description,
            software_share=version.software_share,
        )
        return PastVersion(version.key, content, _claim(version), version.original)

    def _settle(
        self, page: SourcePage, stored: ImportedPage, keys: list[str], *, is_draft: bool
    ) -> ImportState | None:
        """Publish or submit the last of some versions, or leave it as a draft; return what it became."""
        most_public = ImportState.DRAFT if is_draft else page.most_public
        state = min(self.state, most_public, key=list(ImportState).index)
        if state is not self.state and page.why:
            self.report.say(page.name, page.why)
        revision = last_revision(stored, keys)
        if revision is None or self.site.is_dry:
            return None
        review = settle_import(stored, revision, state, by=self.site.by)
        if review and state is ImportState.PUBLISHED:
            self.report.say(page.name, f"waits for a moderator: {', '.join(map(str, review.cause_labels))}")
        return ImportState.QUEUE if review else state


def _batches(versions: Iterable[SourceVersion]) -> Iterator[list[SourceVersion]]:
    """Yield the versions in batches, each of at most `BATCH` versions and little more than `BATCH_CODE_POINTS`."""
    batch: list[SourceVersion] = []
    size = 0
    for version in versions:
        batch.append(version)
        size += len(version.text or "")
        if len(batch) == BATCH or size > BATCH_CODE_POINTS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _claim(version: SourceVersion) -> Claim:
    return Claim(author=one_line(version.author, MAX_NAME), at=version.at)


def _messages(error: WorkflowError | ValidationError) -> list[str]:
    if isinstance(error, ValidationError):
        fields = error.message_dict.items() if hasattr(error, "error_dict") else [("", error.messages)]
        return [f"{name}: {' '.join(lines)}" if name else " ".join(lines) for name, lines in fields]
    return [str(error)]
