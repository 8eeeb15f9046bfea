"""The same work by other means. Each peer prints one JSON object: rows, causes, worth in cents, the first fifty."""
