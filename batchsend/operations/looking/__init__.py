"""Letters to be looked at, while they are written and before they are sent."""
