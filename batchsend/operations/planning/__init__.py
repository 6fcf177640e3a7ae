"""What a plan is made of: what went before, here and from other folders, and what is chosen."""
