"""The sentences of the workbook that leaves the office: what stands above its tables, and what its words mean."""
