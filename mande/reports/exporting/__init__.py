"""All figures of a document as tables, for spreadsheets and statistics programs. They disclose what it discloses."""
