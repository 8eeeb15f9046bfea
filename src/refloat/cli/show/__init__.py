"""How an answer looks: on the screen, as JSON, CSV, spreadsheet and page."""
