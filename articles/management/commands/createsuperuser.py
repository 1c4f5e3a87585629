from copy import copy
from functools import partial
from typing import Any

from django.contrib.auth.management.commands import createsuperuser

from articles.people.names import validate_name


class Command(createsuperuser.Command):
    help = "Create a superuser. Django's command, which here also refuses names that could deceive readers."

    def handle(self, *args: Any, **options: Any) -> None:
        # The command validates each name by its field: typed, given as an option or in the environment.
        field = self.username_field = copy(self.username_field)
        field.validators = [partial(validate_name, using=options["database"]), *field.validators]
        super().handle(*args, **options)
