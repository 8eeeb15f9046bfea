"""The wiring: what the doors call. ``triage`` for files, ``live`` for accounts."""

from refloat.app.triage import SORTS, Clock, Question, Triage, asked_for, triage

__all__ = ["SORTS", "Clock", "Question", "Triage", "asked_for", "triage"]
