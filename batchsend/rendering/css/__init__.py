"""What the engines do with each feature of CSS, and what to write where they do not."""
