from articles.management.core_command import CoreCommand
from articles.text.cli import comparing


class Command(CoreCommand):
    help = comparing.SUMMARY
    core = comparing
