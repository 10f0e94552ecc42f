"""The workbook that leaves the office: report.xlsx, its sheets, and how they are written."""
