from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from articles.management.progress import Progress
from articles.management.refusing import as_command_error
from articles.seals.checkpoints import sign_checkpoint, signing_key
from articles.seals.errors import NotConsistent, SealError
from articles.seals.sequencing import count_unsealed, seal_new
from articles.seals.timestamps import stamp
from articles.seals.witnesses import keep_in, kept_in


class Command(BaseCommand):
    help = (
        "Seal the history: add what is new to the log, and sign a checkpoint over all of it with SEAL_KEY. With --to,"
        " keep the checkpoint in a folder, too, unless it is not consistent with those kept there. With TIMESTAMP_URL,"
        " an authority stamps it. Ends with 0; with 1 if the log no longer begins with what was sealed; with 2 on an"
        " error."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--to",
            metavar="DIRECTORY",
            type=Path,
            help="folder out of the site's reach that keeps checkpoints",
        )

    def handle(self, *, to: Path | None, **options: Any) -> None:
        try:
            with as_command_error():
                self._seal(to)
        except NotConsistent as error:
            raise CommandError(str(error), returncode=1) from None
        except SealError as error:
            raise CommandError(str(error), returncode=2) from None

    def _seal(self, to: Path | None) -> None:
        key = signing_key()
        kept = kept_in(to) if to else []
        added = 0
        progress = Progress(self.stdout, count_unsealed(), "entries are added")
        for count in seal_new():
            added += count
            progress.tell(added)
        progress.end()
        checkpoint = sign_checkpoint(key, kept=kept)
        try:
            stamp(checkpoint)
        finally:
            if to:
                keep_in(to, checkpoint, key)
            told = f"Sealed entries: {checkpoint.size:,}, new ones: {added:,}."
            self.stdout.write(f"{told} The checkpoint is kept in {to}." if to else told)
