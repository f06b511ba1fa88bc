"""Names for the types of columns: django-stubs can't infer them without a plugin."""

from __future__ import annotations

from datetime import datetime
from typing import TypeAlias, TypeVar

from django.db import models

from kiosk.domain.record import Json

_Other = TypeVar("_Other", bound=models.Model)

Text: TypeAlias = "models.CharField[str, str] | models.TextField[str, str]"
Number: TypeAlias = "models.IntegerField[int, int]"
Moment: TypeAlias = "models.DateTimeField[datetime, datetime]"
MaybeMoment: TypeAlias = "models.DateTimeField[datetime | None, datetime | None]"
Bytes: TypeAlias = "models.BinaryField[bytes, bytes]"
Flag: TypeAlias = "models.BooleanField[bool, bool]"
Data: TypeAlias = "models.JSONField[dict[str, Json], dict[str, Json]]"
Link: TypeAlias = "models.ForeignKey[_Other, _Other]"
MaybeLink: TypeAlias = "models.ForeignKey[_Other | None, _Other | None]"
