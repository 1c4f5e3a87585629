from articles.management.core_command import CoreCommand
from articles.text.cli import scanning


class Command(CoreCommand):
    help = scanning.SUMMARY
    core = scanning
