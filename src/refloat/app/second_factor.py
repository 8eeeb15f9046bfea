"""Whether a person may do what approvers and administrators may: where the rule asks for a second factor, not before they have one."""

from __future__ import annotations

from refloat.app import served
from refloat.app.access import Access


def lacks_second_factor(access: Access) -> bool:
    """Must they have a second factor, and have none yet? The same at every door."""
    # Only served processes know sign-in.
    from allauth.mfa.utils import is_mfa_enabled
    from django.contrib.auth import get_user_model

    if not access.any("approver") or not served.store().people.second_factor_asked():
        return False
    return not is_mfa_enabled(get_user_model()(pk=access.id), types=["totp", "webauthn"])
