from django.conf import settings
from django.core.management.base import CommandParser

from articles.management.core_command import CoreCommand
from articles.text.cli import sanitizing


class Command(CoreCommand):
    help = sanitizing.SUMMARY
    core = sanitizing

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.set_defaults(max_bytes=settings.MAX_SOURCE_BYTES)
