"""Articles by the thousand, generated from a seed: what `manage.py seed` writes.

Rows go straight into the tables, since a million saves would take hours; they are what saving would have written,
with chained checksums and texts stored as deltas. All texts are clean, so no row of findings is needed.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import connection, models, transaction
from django.db.models import Max

from articles.models import Article, Body, Event, Publication, Rendering, Review, Revision
from articles.moderation.indexing import index_waiting
from articles.revisions.indexing import index_live_revision, index_revision
from articles.revisions.write_once import DigestField
from articles.search.words import words_of
from articles.text.page import POLICY_VERSION
from articles.text.unicode.tables import UNICODE_VERSION

WORDS = (
    "the tide table hangs by the door and the keeper reads it before breakfast while rain runs down the old wall"
    " a boat comes home with nets full of silver fish and nobody asks where the morning went or who will mend the"
    " gate that stands open to the road where carts go by with salt and bread from the mill at the end of the bay"
).split()
ARTICLES_A_BATCH = 200


@dataclass(slots=True)
class Pick:
    """A random choice of words; the same seed gives the same texts."""

    chance: random.Random

    def sentence(self) -> str:
        words = self.chance.choices(WORDS, k=self.chance.randint(6, 14))
        return f"{' '.join(words).capitalize()}."

    def paragraphs(self) -> list[str]:
        return [" ".join(self.sentence() for _ in range(4)) for _ in range(self.chance.randint(2, 8))]


def shares(articles: int, revisions: int, chance: random.Random) -> list[int]:
    """Return how many revisions each article gets: at least one, and few articles get many, as on a real site."""
    weights = [chance.paretovariate(1.2) for _ in range(articles)]
    spare, total = revisions - articles, sum(weights)
    counts = [1 + int(spare * weight / total) for weight in weights]
    for n in range(revisions - sum(counts)):
        counts[n % articles] += 1
    return counts


def seed(*, articles: int, revisions: int, number: int, by: User) -> Iterator[int]:
    """Write articles with so many revisions in all; yield how many revisions are written so far."""
    chance = random.Random(number)  # noqa: S311
    first = _next_keys()
    counts = shares(articles, revisions, chance)
    started = datetime.fromisoformat("2020-01-01T00:00:00+00:00")
    written = 0
    for start in range(0, articles, ARTICLES_A_BATCH):
        rows = _Rows(first, by, started)
        for n, count in enumerate(counts[start : start + ARTICLES_A_BATCH], start):
            rows.add(f"seed-{number}-{n}", count, Pick(random.Random(f"{number}:{n}")))  # noqa: S311
        with transaction.atomic():
            rows.write()
        written += sum(counts[start : start + ARTICLES_A_BATCH])
        yield written


def _next_keys() -> dict[type[models.Model], int]:
    made = (Article, Revision, Rendering, Event, Review)
    return {model: (model._default_manager.aggregate(last=Max("pk"))["last"] or 0) + 1 for model in made}


class _Rows:
    """The rows of a batch of articles, in the order in which tables take them."""

    def __init__(self, keys: dict[type[models.Model], int], by: User, started: datetime) -> None:
        self.keys, self.by, self.started = keys, by, started
        self.articles: list[Article] = []
        self.latest: list[tuple[Revision, str]] = []  # with their sources
        self.live: list[tuple[Revision, str]] = []
        self.rows: dict[type[models.Model], list[Any]] = {
            model: [] for model in (Revision, Body, Rendering, Publication, Review, Event)
        }

    def _key(self, model: type[models.Model]) -> int:
        self.keys[model] += 1
        return self.keys[model] - 1

    def add(self, slug: str, count: int, pick: Pick) -> None:
        """Add an article whose revisions change a paragraph each. Three of four are public; some are pending."""
        chance = pick.chance
        article = Article(pk=self._key(Article), slug=slug, head_sha256="")
        title, paragraphs = pick.sentence()[:-1], pick.paragraphs()
        language = chance.choice(["en", "en", "en", "de", "fr", "ar"])
        is_public = chance.random() < 0.75
        before: Revision | None = None
        live: tuple[Revision, str] | None = None
        keyframe: Body | None = None
        for number in range(1, count + 1):
            paragraphs[chance.randrange(len(paragraphs))] = " ".join(pick.sentence() for _ in range(4))
            revision = Revision(
                pk=self._key(Revision),
                article=article,
                number=number,
                based_on=before,
                title=title,
                slug=slug,
                language=language,
                tags=["tides"] if chance.random() < 0.2 else [],
                summary="One paragraph anew" if number > 1 else "",
                author_id=self.by.pk,
                author_name=self.by.username,
                created_at=self.started + timedelta(minutes=self.keys[Revision]),
            )
            source = "\n\n".join(paragraphs) + "\n"
            revision.sha256 = revision.checksum(article.head_sha256, source)
            of_keyframe = keyframe.revision.number if keyframe else 0
            body = Body.holding(source, revision=revision, keyframe=keyframe, keyframe_number=of_keyframe)
            keyframe = body.keyframe
            before = revision
            article.latest_revision, article.head_sha256 = revision, revision.sha256
            self.rows[Revision].append(revision)
            self.rows[Body].append(body)
            self.rows[Rendering].append(self._rendering(revision))
            self._log(revision, Event.Action.SAVE)
            if is_public and (number == 1 or chance.random() < 0.5):
                article.published_revision, article.published_at = revision, revision.created_at
                article.first_published_at = article.first_published_at or revision.created_at
                live = revision, source
                self.rows[Publication].append(
                    Publication(revision_id=revision.pk, published_at=revision.created_at)
                )
                self._log(revision, Event.Action.PUBLISH)
        assert before is not None
        self.latest.append((before, source))
        self.live += [live] if live else []
        if article.published_revision_id != before.pk and chance.random() < 0.4:
            self._submit(before, warnings=chance.choice([0, 0, 1, 2]))
        self.articles.append(article)

    def _rendering(self, revision: Revision) -> Rendering:
        """Return a rendering without HTML, which is made when somebody opens the page."""
        return Rendering(
            pk=self._key(Rendering),
            revision_id=revision.pk,
            agreed=True,
            alerts=0,
            warnings=0,
            new_alerts=0,
            new_warnings=0,
            policy_version=POLICY_VERSION,
            unicode_version=UNICODE_VERSION,
        )

    def _log(self, revision: Revision, action: Event.Action) -> None:
        self.rows[Event].append(
            Event(
                pk=self._key(Event),
                at=revision.created_at,
                actor_id=self.by.pk,
                actor_name=self.by.username,
                action=action.value,
                article_id=revision.article_id,
                revision_id=revision.pk,
                door=Event.Door.COMMAND.value,
            )
        )

    def _submit(self, revision: Revision, *, warnings: int) -> None:
        cause = (Review.Cause.WARNING if warnings else Review.Cause.SUBMITTED).value
        self.rows[Review].append(
            Review(
                pk=self._key(Review),
                revision=revision,
                article_id=revision.article_id,
                causes=[cause],
                cause=cause,
                risk=warnings,
                language=revision.language,
                warnings=warnings,
                submitted_by=self.by,
                submitted_at=revision.created_at,
            )
        )
        self._log(revision, Event.Action.SUBMIT)

    def write(self) -> None:
        """Insert all rows, then set the pointers from articles to revisions, since each table refers to the other."""
        pointers = ("latest_revision", "published_revision", "first_published_at", "published_at")
        held = [[getattr(article, name) for name in pointers] for article in self.articles]
        for article in self.articles:
            article.latest_revision = article.published_revision = None
        _insert(Article, self.articles)
        for model, rows in self.rows.items():
            _insert(model, rows)
        for article, values in zip(self.articles, held, strict=True):
            for name, value in zip(pointers, values, strict=True):
                setattr(article, name, value)
        Article.objects.bulk_update(self.articles, pointers)
        for revision, source in self.latest:
            index_revision(revision, words=words_of(source))
        for revision, source in self.live:
            index_live_revision(revision.article, revision, text=source)
        for review in self.rows[Review]:
            index_waiting(review, checks=())
        if connection.vendor == "postgresql":
            _set_sequences(self.keys)


def _insert(model: type[models.Model], rows: list[Any]) -> None:
    """Insert rows; on PostgreSQL by COPY, which is ten times as fast."""
    if connection.vendor != "postgresql":
        model._default_manager.bulk_create(rows, batch_size=500)
        return
    fields = [(field.attname, _adapter(field)) for field in model._meta.concrete_fields]
    names = ", ".join(f'"{field.column}"' for field in model._meta.concrete_fields)
    with (
        connection.cursor() as cursor,
        cursor.copy(f'COPY "{model._meta.db_table}" ({names}) FROM STDIN') as copy,
    ):
        for row in rows:
            held = row.__dict__
            copy.write_row([adapt(held[name]) if adapt else held[name] for name, adapt in fields])


def _adapter(field: models.Field[Any, Any]) -> Callable[[Any], Any] | None:
    """Return the function that converts a value for the database; None if the driver takes it as it is."""
    if isinstance(field, models.JSONField | models.BinaryField | DigestField):
        return lambda value: field.get_db_prep_save(value, connection)
    return None


def _set_sequences(keys: Iterable[type[models.Model]]) -> None:
    """Advance the sequences of PostgreSQL past the keys that were written."""
    with connection.cursor() as cursor:
        for model in keys:
            table = model._meta.db_table
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT MAX(id) FROM {table}))"  # noqa: S608
            )
