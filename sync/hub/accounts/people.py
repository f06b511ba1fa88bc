"""Making accounts from the console."""

from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from kiosk.domain.errors import InputRefused
from sync.hub.accounts.models import User
from sync.hub.audit.record import note
from sync.hub.here import Here


def create_administrator(hub: Here, name: str, password: str) -> User:
    """Create an account that runs the whole hub; raises InputRefused."""
    user = User(username=name, is_staff=True, is_superuser=True)
    try:
        user.clean_fields(exclude=["password"])
        validate_password(password, user)
        user.set_password(password)
        with transaction.atomic():
            user.save()
            note(hub, None, ("account.created", ""), name)
    except ValidationError as wrong:
        raise InputRefused(" ".join(wrong.messages), where=name) from wrong
    except IntegrityError as taken:
        raise InputRefused("this account is there already", where=name) from taken
    return user
