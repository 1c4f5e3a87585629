from articles.management.core_command import CoreCommand
from articles.proofs import verifying


class Command(CoreCommand):
    help = verifying.SUMMARY
    core = verifying
