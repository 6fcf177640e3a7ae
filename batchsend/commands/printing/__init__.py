"""What commands print: tables, progress, what comes next, questions."""
