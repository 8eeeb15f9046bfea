"""The HTTP API: what the pages show and do, for programs; people's tokens, problem+json, OpenAPI."""
