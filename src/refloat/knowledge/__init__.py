"""Knowledge: pages and tables that a person who writes no Python can read and extend."""
