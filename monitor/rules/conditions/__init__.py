"""When observations deserve an alert, one file per condition."""
