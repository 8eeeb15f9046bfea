"""A triage as files: CSV, spreadsheet, a page to print, JSON; written by every door in the same words."""
