"""What exhibitors noted about visitors, as a workbook."""
