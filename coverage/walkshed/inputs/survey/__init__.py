"""What came back of a survey: the sheet that was filled in, and the file beside the study that keeps it."""
