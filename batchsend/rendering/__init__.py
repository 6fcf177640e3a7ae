"""Letters -> documents."""
