"""How the world speaks: SP-API's paths, bodies, headers and errors, and nothing of the rules."""
