"""Files as tables: CSV, workbooks, drawings, and their cells."""
