"""What a person may do, and for which accounts: the same at every door."""

from __future__ import annotations

from dataclasses import dataclass

from refloat.store.people import ROLES


@dataclass(frozen=True)
class Access:
    """A person and their roles: account → role, None for all accounts."""

    id: int
    name: str
    email: str
    language: str
    roles: dict[str | None, str]

    def role(self, account: str) -> str | None:
        """The stronger of the account's own and the one for all."""
        held = [role for role in (self.roles.get(account), self.roles.get(None)) if role]
        return max(held, key=ROLES.index) if held else None

    def may(self, role: str, account: str) -> bool:
        """Has the person this role, or a stronger one, for the account?"""
        held = self.role(account)
        return held is not None and ROLES.index(held) >= ROLES.index(role)

    def any(self, role: str) -> bool:
        """Has the person it for any account?"""
        return any(ROLES.index(held) >= ROLES.index(role) for held in self.roles.values())

    def everywhere(self, role: str) -> bool:
        """Has the person it for all accounts, those to come as well?"""
        held = self.roles.get(None)
        return held is not None and ROLES.index(held) >= ROLES.index(role)

    def accounts_as(self, role: str) -> tuple[str, ...] | None:
        """The accounts for which the person has this role, or a stronger one; None: all."""
        return None if self.everywhere(role) else tuple(sorted(name for name in self.roles if name and self.may(role, name)))

    def accounts(self) -> tuple[str, ...] | None:
        """Whose strandings the person sees; None: of all."""
        return None if None in self.roles else tuple(sorted(name for name in self.roles if name))
