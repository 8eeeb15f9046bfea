"""The verbs: observe, diagnose (and later plan, act, verify). They see the world only through frames and ports."""
