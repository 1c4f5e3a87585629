"""The pictures that the editor offers as cover."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest

from articles.models import Image
from articles.text.content.marking import shortened
from articles.text.page.images import PREFIX, ImageName

MOST_OWN = 30  # uploads of the person, the newest
MOST_LABEL = 80  # code points of what a picture shows


def covers_for(request: HttpRequest, in_text: Sequence[str]) -> dict[str, str]:
    """Return labels by name of file: the pictures of the text in order, then the person's newest uploads.

    One query, or two if the text has pictures.
    """
    own = list(Image.objects.filter(uploaded_by=request.user.pk)[:MOST_OWN])
    tokens = [name.token for file in in_text if (name := ImageName.of(PREFIX + file))]
    shown = {image.name.file(): image for image in Image.objects.filter(token__in=tokens)} if tokens else {}
    images = [*(shown[file] for file in in_text if file in shown), *own]
    return {image.name.file(): shortened(str(image), MOST_LABEL) for image in images}
