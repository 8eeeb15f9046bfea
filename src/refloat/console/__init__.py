"""The console: pages for people who would rather look than read, and for teams who must approve."""
